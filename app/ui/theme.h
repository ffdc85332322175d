#pragma once

#include <wx/colour.h>
#include <wx/font.h>

#include <map>
#include <memory>
#include <utility>

#include "app/ui/look.h"

typedef struct _GtkCssProvider GtkCssProvider;

namespace evertill::ui {

/// The colours of one look. Text on its ground has a contrast of 4.5 : 1 or more (WCAG 2.2, 1.4.3).
struct Palette {
  wxColour ground, card, line, text, muted;
  wxColour accent, accent_soft, accent_text;
  wxColour head, head_text, head_muted, head_chip;
  wxColour good, good_soft, warn, warn_soft, bad, bad_soft;
  wxColour flash, ghost;
  wxColour head_good, head_warn, head_warn_ground;
};

/// Colours, fonts and sizes of everything on the screen. Sizes are given in pixels of a 1280×800 screen and scaled to
/// the real one. The user interface's thread only.
class Theme {
 public:
  /// Only one theme at a time may style the native keys (GTK's style sheets are the whole program's).
  enum class Keys { kStyled, kNone };
  explicit Theme(Look look, Keys keys = Keys::kStyled);
  ~Theme();
  Theme(const Theme&) = delete;
  Theme& operator=(const Theme&) = delete;

  [[nodiscard]] const Palette& Colours() const { return palette_; }
  [[nodiscard]] int Px(double design_px) const;
  /// Noto Sans with an em of `design_px`. The reference stays good until the scale changes.
  [[nodiscard]] const wxFont& Font(int design_px, bool bold) const;
  /// True when the scale changed: whoever caches sizes must ask again.
  bool SetScale(double scale);
  [[nodiscard]] double Scale() const { return scale_; }

 private:
  void InstallCss();
  struct ReleaseCss {
    void operator()(GtkCssProvider* provider) const;
  };

  Palette palette_;
  const Keys keys_;
  double scale_ = 1.0;
  mutable std::map<std::pair<int, bool>, wxFont> fonts_;
  std::unique_ptr<GtkCssProvider, ReleaseCss> css_;
};

}  // namespace evertill::ui
