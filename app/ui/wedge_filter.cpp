#include "app/ui/wedge_filter.h"

#include <wx/event.h>
#include <wx/window.h>

#include <utility>

namespace evertill::ui {
namespace {

bool IsModifier(int key) {
  switch (key) {
    case WXK_SHIFT:
    case WXK_CONTROL:
    case WXK_ALT:
    case WXK_CAPITAL:
    case WXK_NUMLOCK:
      return true;
    default:
      return false;
  }
}

}  // namespace

WedgeFilter::WedgeFilter(KeySink& sink, presenters::WedgeSettings settings) : sink_(sink), wedge_(std::move(settings)) {
  wxEvtHandler::AddFilter(this);
}

WedgeFilter::~WedgeFilter() {
  wxEvtHandler::RemoveFilter(this);
}

int WedgeFilter::FilterEvent(wxEvent& event) {
  if (event.GetEventType() != wxEVT_CHAR_HOOK) return Event_Skip;
  const auto& key = static_cast<const wxKeyEvent&>(event);
  if (!sink_.Owns(dynamic_cast<wxWindow*>(key.GetEventObject()))) return Event_Skip;
  return Handle(key) ? Event_Processed : Event_Skip;
}

bool WedgeFilter::Handle(const wxKeyEvent& key) {
  const int code = key.GetKeyCode();
  if (IsModifier(code)) return false;
  const int64_t at = key.GetTimestamp();
  const bool control = key.ControlDown();
  const bool enter = code == WXK_RETURN || code == WXK_NUMPAD_ENTER;
  if (wedge_.EndsWithTab() ? code == WXK_TAB : enter) {
    if (auto scan = wedge_.Enter(at); scan && (scan->certain || !sink_.Doubtful())) {
      sink_.Scanned(std::move(scan->text));
      return true;
    }
  }
  if (enter) {
    wedge_.Reset();
    return sink_.Entered();
  }
  // On GTK the raw flags are the hardware's code of the key.
  const auto character = presenters::UsCharacter(key.GetRawKeyFlags(), key.ShiftDown());
  if (control && character == ']' && wedge_.InBurst(at)) {  // GS, which parts the values of a GS1 code
    wedge_.Character('\x1D', at);
    return true;
  }
  if (!character || control || key.AltDown()) {
    wedge_.Reset();
    if (character && key.AltDown() && !control) return sink_.AltTyped(*character);
    if (character && control && !key.AltDown() && sink_.ControlTyped(*character)) return true;
    return sink_.Pressed(code, key.ShiftDown(), control);
  }
  if (wedge_.Character(*character, at)) sink_.BurstBegins();
  return sink_.Typed(*character);
}

}  // namespace evertill::ui
