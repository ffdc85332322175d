#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>

class wxWindow;

namespace evertill::ui {

/// Measures from a decoded scan to the frame that shows its line. In test builds, EVERTILL_UI_TRACE=FILE appends
/// "scan N T" and "painted N T" (T: monotonic nanoseconds) to FILE; otherwise it does nothing.
class Trace {
 public:
  Trace();
  /// Watches the frames of `window`, which is on the screen.
  void Watch(wxWindow& window);
  void Scanned();
  /// The view that answers the oldest unanswered scan was handed to the windows; the next frame shows it.
  void ViewShown();

 private:
  void FramePainted();
  void Write(const char* what, int64_t number);

  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Close> file_;
  int64_t scanned_ = 0;
  int64_t shown_ = 0;
  int64_t painted_ = 0;
};

}  // namespace evertill::ui
