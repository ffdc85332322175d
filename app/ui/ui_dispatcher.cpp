#include "app/ui/ui_dispatcher.h"

#include <glib.h>

#include <utility>

namespace evertill::ui {

UiDispatcher::UiDispatcher() : alive_(std::make_shared<Alive>()), watch_(alive_) {}

UiDispatcher::~UiDispatcher() = default;

void UiDispatcher::Close() {
  alive_.reset();
}

void UiDispatcher::Post(std::function<void()> task) {
  struct Parcel {
    std::weak_ptr<Alive> receiver;
    std::function<void()> task;
  };
  auto* parcel = new Parcel{watch_, std::move(task)};  // GLib's destroy callback owns it
  const GSourceFunc run = [](gpointer data) -> gboolean {
    auto* self = static_cast<Parcel*>(data);
    if (!self->receiver.expired()) self->task();
    return G_SOURCE_REMOVE;
  };
  const GDestroyNotify drop = [](gpointer data) { delete static_cast<Parcel*>(data); };
  // Same rank as input events, above drawing: a view is there before the frame that shows it.
  g_idle_add_full(G_PRIORITY_DEFAULT, run, parcel, drop);
}

}  // namespace evertill::ui
