#include "app/ui/theme.h"

#include <gtk/gtk.h>
#include <wx/string.h>

#include <cmath>
#include <string>

namespace evertill::ui {
namespace {

Palette LightPalette() {
  Palette p;
  p.ground = "#F3F4F7", p.card = "#FFFFFF", p.line = "#E2E5EB", p.text = "#10151F", p.muted = "#566072";
  p.accent = "#0F766E", p.accent_soft = "#E3F4F1", p.accent_text = "#FFFFFF";
  p.head = "#0D1424", p.head_text = "#FFFFFF", p.head_muted = "#B6C0D4", p.head_chip = "#1C2740";
  p.good = "#157347", p.good_soft = "#E6F4EA", p.warn = "#8A4206", p.warn_soft = "#FFF3D6";
  p.bad = "#A61B1B", p.bad_soft = "#FDECEC", p.flash = "#EAF7F5", p.ghost = "#E9ECF2";
  p.head_good = "#7CE0B3", p.head_warn = "#FFD479", p.head_warn_ground = "#4A3306";
  return p;
}

Palette DarkPalette() {
  Palette p;
  p.ground = "#0B1020", p.card = "#151C2F", p.line = "#27304A", p.text = "#F1F4FA", p.muted = "#A3AEC4";
  p.accent = "#2DD4BF", p.accent_soft = "#123B3C", p.accent_text = "#04211F";
  p.head = "#060A15", p.head_text = "#FFFFFF", p.head_muted = "#B6C0D4", p.head_chip = "#1C2740";
  p.good = "#4ADE80", p.good_soft = "#12351F", p.warn = "#FBBF24", p.warn_soft = "#3A2C0B";
  p.bad = "#FCA5A5", p.bad_soft = "#43191C", p.flash = "#123033", p.ghost = "#1E2740";
  p.head_good = "#7CE0B3", p.head_warn = "#FFD479", p.head_warn_ground = "#4A3306";
  return p;
}

Palette HighContrastPalette() {
  Palette p = LightPalette();
  p.ground = "#FFFFFF", p.line = "#000000", p.text = "#000000", p.muted = "#1F1F1F";
  p.accent = "#004B45", p.accent_soft = "#D5F0EC", p.head = "#000000", p.head_muted = "#FFFFFF";
  p.good = "#004D25", p.warn = "#5C2A00", p.bad = "#7A0000", p.flash = "#D5F0EC", p.ghost = "#EDEDED";
  p.head_chip = "#262626";
  return p;
}

std::string Css(const wxColour& colour) {
  return colour.GetAsString(wxC2S_HTML_SYNTAX).ToStdString();
}

std::string ButtonRule(const std::string& name, const wxColour& ground, const wxColour& border, const wxColour& text) {
  return "button.pos" + name + "{background-color:" + Css(ground) + ";border-color:" + Css(border) +
         ";color:" + Css(text) + ";}";
}

std::string StyleSheet(const Palette& p, double scale) {
  const auto px = [scale](double size) { return std::to_string(static_cast<int>(std::lround(size * scale))) + "px"; };
  std::string css =
      "button.pos{background-image:none;border:1px solid;border-radius:" + px(12) +
      ";box-shadow:none;text-shadow:none;-gtk-icon-shadow:none;padding:0;min-height:0;min-width:0;transition:none;}"
      "button.pos label{color:inherit;}";
  css += ButtonRule("", p.card, p.line, p.text);
  css += ButtonRule(":hover", p.flash, p.line, p.text);
  css += ButtonRule(".ghost", p.ghost, p.line, p.text);
  css += ButtonRule(".ghost:hover", p.flash, p.line, p.text);
  css += ButtonRule(".soft", p.accent_soft, p.accent_soft, p.accent);
  css += ButtonRule(".soft:hover", p.flash, p.accent, p.accent);
  css += ButtonRule(".primary", p.accent, p.accent, p.accent_text);
  css += "button.pos.primary:hover{background-color:shade(" + Css(p.accent) + ",1.08);}";
  css += ButtonRule(".alarm", p.bad_soft, p.bad, p.bad);
  css += ButtonRule(".lang", p.head_chip, p.head_chip, p.head_muted);
  css += ButtonRule(".lang:hover", p.head_chip, p.head_muted, p.head_text);
  css += ButtonRule(".lang.chosen", p.head_muted, p.head_muted, p.head);
  css += ButtonRule(".lang.warn", p.head_warn_ground, p.head_warn, p.head_warn);
  css += ButtonRule(".lang.warn:hover", p.head_warn_ground, p.head_text, p.head_text);
  css += "button.pos.lang{border-radius:" + px(13) + ";}";
  css += ButtonRule(":active", p.accent_soft, p.accent, p.accent);
  css += ButtonRule(":disabled", p.ground, p.line, p.muted);
  css += "button.pos:disabled label{opacity:0.55;}";
  // Inside the key: what is drawn outside of it stays behind when the focus goes on.
  css += "button.pos:focus{outline-style:none;box-shadow:inset 0 0 0 3px alpha(" + Css(p.accent) + ",0.55);}";
  css += "button.pos.primary:focus{box-shadow:inset 0 0 0 3px alpha(" + Css(p.accent_text) + ",0.7);}";
  css += "button.pos.lang:focus{box-shadow:inset 0 0 0 2px " + Css(p.head_good) + ";}";
  css += "entry.pos{background-image:none;background-color:" + Css(p.card) + ";color:" + Css(p.text) +
         ";caret-color:" + Css(p.accent) + ";border:1px solid " + Css(p.line) + ";border-radius:" + px(10) +
         ";box-shadow:none;padding:0 " + px(12) + ";min-height:0;}";
  css += "entry.pos:focus{border:2px solid " + Css(p.accent) + ";box-shadow:none;}";
  css += "checkbutton.pos{color:" + Css(p.text) + ";}";
  css += "checkbutton.pos check{min-width:" + px(22) + ";min-height:" + px(22) +
         ";background-image:none;background-color:" + Css(p.card) + ";border:2px solid " + Css(p.muted) +
         ";border-radius:" + px(6) + ";margin-right:" + px(8) + ";}";
  css += "checkbutton.pos check:checked{background-color:" + Css(p.accent) + ";border-color:" + Css(p.accent) +
         ";color:" + Css(p.accent_text) + ";}";
  return css;
}

}  // namespace

void Theme::ReleaseCss::operator()(GtkCssProvider* provider) const {
  gtk_style_context_remove_provider_for_screen(gdk_screen_get_default(), GTK_STYLE_PROVIDER(provider));
  g_object_unref(provider);
}

Theme::Theme(Look look, Keys keys) : keys_(keys) {
  switch (look) {
    case Look::kLight:
      palette_ = LightPalette();
      break;
    case Look::kDark:
      palette_ = DarkPalette();
      break;
    case Look::kHighContrast:
      palette_ = HighContrastPalette();
      break;
  }
  InstallCss();
}

Theme::~Theme() = default;

int Theme::Px(double design_px) const {
  return static_cast<int>(std::lround(design_px * scale_));
}

const wxFont& Theme::Font(int design_px, bool bold) const {
  auto [found, fresh] = fonts_.try_emplace({design_px, bold});
  if (fresh) {
    // wxFontInfo(wxSize) would take the pixels for a line height: points of the screen's resolution give the em.
    double dpi = gdk_screen_get_resolution(gdk_screen_get_default());
    if (dpi <= 0) dpi = 96;
    found->second = wxFont(wxFontInfo(design_px * scale_ * 72 / dpi).FaceName("Noto Sans").Bold(bold));
  }
  return found->second;
}

bool Theme::SetScale(double scale) {
  if (std::abs(scale - scale_) < 0.01) return false;
  scale_ = scale;
  fonts_.clear();
  InstallCss();
  return true;
}

void Theme::InstallCss() {
  if (keys_ == Keys::kNone) return;
  css_.reset();
  GtkCssProvider* provider = gtk_css_provider_new();
  gtk_css_provider_load_from_data(provider, StyleSheet(palette_, scale_).c_str(), -1, nullptr);
  gtk_style_context_add_provider_for_screen(gdk_screen_get_default(), GTK_STYLE_PROVIDER(provider),
                                            GTK_STYLE_PROVIDER_PRIORITY_APPLICATION + 10);
  css_.reset(provider);
}

}  // namespace evertill::ui
