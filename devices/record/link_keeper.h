#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "app/base/clock.h"
#include "app/base/expected.h"
#include "devices/link/link.h"

namespace evertill::devices::record {

using LinkOpener = std::function<base::Expected<std::unique_ptr<link::Link>>()>;

/// Keeps one link open: opens it when asked, and after a failure not again before 0.5 s, 1 s, 2 s, … 30 s have gone.
/// One thread.
class LinkKeeper {
 public:
  static constexpr std::chrono::milliseconds kFirstWait{500};
  static constexpr std::chrono::milliseconds kLongestWait{30000};

  LinkKeeper(LinkOpener open, const base::Clock& clock) : open_(std::move(open)), clock_(clock) {}

  /// The open link; opens it when that is due. nullptr while it cannot be had: LastError() says why.
  link::Link* Get() {
    if (link_ == nullptr && UntilNextTry().count() == 0) {
      auto opened = open_();
      if (opened) {
        link_ = std::move(*opened);
        error_.reset();
        return link_.get();
      }
      error_ = opened.error();
      BackOff();
    }
    return link_.get();
  }

  /// The link that is open, without trying.
  [[nodiscard]] link::Link* Open() const { return link_.get(); }

  /// The device works: the next failure is tried again soon.
  void Proved() { wait_ = kFirstWait; }

  /// The link is lost or useless: closes it.
  void Drop(base::Error error) {
    link_.reset();
    error_ = std::move(error);
    BackOff();
  }

  /// Somebody wants the device now: the next Get() tries.
  void TryNow() { next_try_ = clock_.Uptime(); }

  /// How long until Get() may try again; 0 when it is open or due.
  [[nodiscard]] std::chrono::milliseconds UntilNextTry() const {
    if (link_ != nullptr) return std::chrono::milliseconds(0);
    return std::max(next_try_ - clock_.Uptime(), std::chrono::milliseconds(0));
  }

  [[nodiscard]] const std::optional<base::Error>& LastError() const { return error_; }

 private:
  void BackOff() {
    next_try_ = clock_.Uptime() + wait_;
    wait_ = std::min(wait_ * 2, kLongestWait);
  }

  LinkOpener open_;
  const base::Clock& clock_;
  std::unique_ptr<link::Link> link_;
  std::optional<base::Error> error_;
  std::chrono::milliseconds wait_ = kFirstWait;
  std::chrono::milliseconds next_try_{0};
};

}  // namespace evertill::devices::record
