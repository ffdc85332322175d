#pragma once

#include <string>

class wxWindow;

namespace evertill::ui {

/// Where the wedge filter brings what it made of the keys.
class KeySink {
 public:
  virtual ~KeySink() = default;
  /// Keys of this window's tree belong to the till.
  [[nodiscard]] virtual bool Owns(const wxWindow* window) const = 0;
  /// A burst of keys begins: what is typed may have to be taken back when it proves to be a scan.
  virtual void BurstBegins() = 0;
  /// A scan ended: what its keys typed is taken back, then it is handled.
  virtual void Scanned(std::string code) = 0;
  /// A character, decoded as a US keyboard's. False: the focused window may have the key as it is.
  virtual bool Typed(char character) = 0;
  /// Enter that ended no scan. False as above.
  virtual bool Entered() = 0;
  /// Any other key, as wx names it. False as above.
  virtual bool Pressed(int key, bool shift, bool control) = 0;
  /// Alt and a character.
  virtual bool AltTyped(char character) = 0;
  /// Ctrl and a character. False: handled as Pressed().
  virtual bool ControlTyped(char character) = 0;
  /// Something other than a barcode is being typed: only a burst faster than a hand is a scan.
  [[nodiscard]] virtual bool Doubtful() const = 0;
};

}  // namespace evertill::ui
