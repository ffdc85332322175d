#pragma once

#include <wx/eventfilter.h>

#include "app/presenters/wedge.h"
#include "app/ui/key_sink.h"

class wxKeyEvent;

namespace evertill::ui {

/// Sees each key before any window does, wherever the focus is, and decodes it from its hardware code, so that a wedge
/// scanner is read right under any keyboard layout.
class WedgeFilter final : public wxEventFilter {
 public:
  explicit WedgeFilter(KeySink& sink, presenters::WedgeSettings settings = {});
  ~WedgeFilter() override;
  WedgeFilter(const WedgeFilter&) = delete;
  WedgeFilter& operator=(const WedgeFilter&) = delete;

  int FilterEvent(wxEvent& event) override;

 private:
  bool Handle(const wxKeyEvent& key);

  KeySink& sink_;
  presenters::Wedge wedge_;
};

}  // namespace evertill::ui
