#include "tests/sim/vfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <mutex>

#include "app/base/check.h"

namespace evertill::sim {
namespace {

constexpr int64_t kSector = 512;

std::map<std::string, Disk*>& Disks() {
  static std::map<std::string, Disk*> disks;
  return disks;
}

void Apply(std::string& content, const Disk::Operation& operation) {
  const auto offset = static_cast<size_t>(operation.offset);
  if (operation.truncate) {
    content.resize(offset);
    return;
  }
  if (content.size() < offset + operation.data.size()) content.resize(offset + operation.data.size());
  std::memcpy(content.data() + offset, operation.data.data(), operation.data.size());
}

/// One open file, in memory that SQLite owns.
struct Handle {
  sqlite3_file base;
  Disk* disk;
  Disk::File* file;
  int lock;
  unsigned shared_slots;
  unsigned exclusive_slots;
  bool mapped;
  bool delete_on_close;
};

Handle& Of(sqlite3_file* file) {
  return *reinterpret_cast<Handle*>(file);
}

int Unlock(sqlite3_file* file, int level) {
  Handle& handle = Of(file);
  Disk::File& node = *handle.file;
  if (handle.lock <= level) return SQLITE_OK;
  if (level < SQLITE_LOCK_RESERVED && node.writer == &handle) {
    node.writer = nullptr;
    node.exclusive = false;
  }
  if (level == SQLITE_LOCK_NONE && handle.lock >= SQLITE_LOCK_SHARED) --node.readers;
  handle.lock = level;
  return SQLITE_OK;
}

int Lock(sqlite3_file* file, int level) {
  Handle& handle = Of(file);
  Disk::File& node = *handle.file;
  if (handle.lock >= level) return SQLITE_OK;
  if (handle.lock == SQLITE_LOCK_NONE) {
    if (node.exclusive && node.writer != &handle) return SQLITE_BUSY;
    ++node.readers;
    handle.lock = SQLITE_LOCK_SHARED;
    if (level == SQLITE_LOCK_SHARED) return SQLITE_OK;
  }
  if (node.writer != nullptr && node.writer != &handle) return SQLITE_BUSY;
  if (level == SQLITE_LOCK_EXCLUSIVE && node.readers > 1) return SQLITE_BUSY;
  node.writer = &handle;
  node.exclusive = level == SQLITE_LOCK_EXCLUSIVE;
  handle.lock = level;
  return SQLITE_OK;
}

int ShmUnmap(sqlite3_file* file, int /*remove*/) {
  Handle& handle = Of(file);
  if (!handle.mapped) return SQLITE_OK;
  for (unsigned i = 0; i < SQLITE_SHM_NLOCK; ++i) {
    if ((handle.shared_slots & (1U << i)) != 0) --handle.file->slots[i].shared;
    if ((handle.exclusive_slots & (1U << i)) != 0) handle.file->slots[i].exclusive = nullptr;
  }
  handle.shared_slots = handle.exclusive_slots = 0;
  handle.mapped = false;
  if (--handle.file->shared_users == 0) handle.file->shared_memory.clear();
  return SQLITE_OK;
}

int Close(sqlite3_file* file) {
  Handle& handle = Of(file);
  ShmUnmap(file, 0);
  Unlock(file, SQLITE_LOCK_NONE);
  handle.disk->CountHandle(-1);
  return SQLITE_OK;
}

int Read(sqlite3_file* file, void* out, int amount, sqlite3_int64 offset) {
  const Handle& handle = Of(file);
  if (handle.disk->Dead()) return SQLITE_IOERR_READ;
  const std::string& content = handle.file->cache;
  const auto size = static_cast<sqlite3_int64>(content.size());
  const auto there = static_cast<int>(std::clamp<sqlite3_int64>(size - offset, 0, amount));
  if (there > 0) std::memcpy(out, content.data() + offset, static_cast<size_t>(there));
  if (there == amount) return SQLITE_OK;
  std::memset(static_cast<char*>(out) + there, 0, static_cast<size_t>(amount - there));
  return SQLITE_IOERR_SHORT_READ;
}

int Write(sqlite3_file* file, const void* data, int amount, sqlite3_int64 offset) {
  const Handle& handle = Of(file);
  return handle.disk->Write(*handle.file,
                            {false, offset, std::string(static_cast<const char*>(data), static_cast<size_t>(amount))});
}

int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  const Handle& handle = Of(file);
  return handle.disk->Write(*handle.file, {true, size, {}});
}

int Sync(sqlite3_file* file, int /*flags*/) {
  const Handle& handle = Of(file);
  return handle.disk->Sync(*handle.file);
}

int FileSize(sqlite3_file* file, sqlite3_int64* size) {
  *size = static_cast<sqlite3_int64>(Of(file).file->cache.size());
  return SQLITE_OK;
}

int CheckReservedLock(sqlite3_file* file, int* reserved) {
  *reserved = Of(file).file->writer != nullptr ? 1 : 0;
  return SQLITE_OK;
}

int FileControl(sqlite3_file* /*file*/, int /*op*/, void* /*argument*/) {
  return SQLITE_NOTFOUND;
}
int SectorSize(sqlite3_file* /*file*/) {
  return static_cast<int>(kSector);
}
int DeviceCharacteristics(sqlite3_file* /*file*/) {
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

int ShmMap(sqlite3_file* file, int region, int size, int extend, void volatile** out) {
  Handle& handle = Of(file);
  auto& memory = handle.file->shared_memory;
  if (!handle.mapped) {
    handle.mapped = true;
    ++handle.file->shared_users;
  }
  *out = nullptr;
  while (static_cast<int>(memory.size()) <= region) {
    if (extend == 0) return SQLITE_OK;
    memory.push_back(std::make_unique<char[]>(static_cast<size_t>(size)));
  }
  *out = memory[static_cast<size_t>(region)].get();
  return SQLITE_OK;
}

int ShmLock(sqlite3_file* file, int offset, int count, int flags) {
  Handle& handle = Of(file);
  const unsigned mask = ((1U << count) - 1U) << offset;
  const auto each = [&](auto&& act) {
    for (int i = offset; i < offset + count; ++i) act(handle.file->slots[i], 1U << i);
  };
  bool busy = false;
  if ((flags & SQLITE_SHM_UNLOCK) != 0) {
    each([&](Disk::File::Slot& slot, unsigned bit) {
      if ((handle.shared_slots & bit) != 0) --slot.shared;
      if ((handle.exclusive_slots & bit) != 0) slot.exclusive = nullptr;
    });
    handle.shared_slots &= ~mask;
    handle.exclusive_slots &= ~mask;
    return SQLITE_OK;
  }
  if ((flags & SQLITE_SHM_SHARED) != 0) {
    if ((handle.shared_slots & mask) == mask) return SQLITE_OK;
    each([&](Disk::File::Slot& slot, unsigned) { busy = busy || slot.exclusive != nullptr; });
    if (busy) return SQLITE_BUSY;
    each([&](Disk::File::Slot& slot, unsigned) { ++slot.shared; });
    handle.shared_slots |= mask;
    return SQLITE_OK;
  }
  each([&](Disk::File::Slot& slot, unsigned bit) {
    const int others = slot.shared - ((handle.shared_slots & bit) != 0 ? 1 : 0);
    busy = busy || others > 0 || (slot.exclusive != nullptr && slot.exclusive != &handle);
  });
  if (busy) return SQLITE_BUSY;
  each([&](Disk::File::Slot& slot, unsigned) { slot.exclusive = &handle; });
  handle.exclusive_slots |= mask;
  return SQLITE_OK;
}

void ShmBarrier(sqlite3_file* /*file*/) {}

const sqlite3_io_methods kMethods{2,
                                  &Close,
                                  &Read,
                                  &Write,
                                  &Truncate,
                                  &Sync,
                                  &FileSize,
                                  &Lock,
                                  &Unlock,
                                  &CheckReservedLock,
                                  &FileControl,
                                  &SectorSize,
                                  &DeviceCharacteristics,
                                  &ShmMap,
                                  &ShmLock,
                                  &ShmBarrier,
                                  &ShmUnmap,
                                  nullptr,
                                  nullptr};

struct Place {
  Disk* disk = nullptr;
  std::string name;
};

Place PlaceOf(const char* path) {
  const std::string_view text(path);
  const size_t slash = text.rfind('/');
  if (slash == std::string_view::npos) return {};
  const auto found = Disks().find(std::string(text.substr(0, slash)));
  if (found == Disks().end()) return {};
  return {found->second, std::string(text.substr(slash + 1))};
}

int VfsOpen(sqlite3_vfs* /*vfs*/, const char* path, sqlite3_file* file, int flags, int* out_flags) {
  Handle& handle = Of(file);
  handle.base.pMethods = nullptr;
  if (path == nullptr) return SQLITE_CANTOPEN;  // temporary files: temp_store is MEMORY everywhere
  const Place place = PlaceOf(path);
  if (place.disk == nullptr || place.disk->Dead()) return SQLITE_CANTOPEN;
  Disk::File* node = place.disk->Find(place.name);
  if (node == nullptr) {
    if ((flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
    node = &place.disk->Make(place.name);
  }
  handle = Handle{};
  handle.disk = place.disk;
  handle.file = node;
  handle.base.pMethods = &kMethods;
  place.disk->CountHandle(1);
  if (out_flags != nullptr) *out_flags = flags;
  return SQLITE_OK;
}

int VfsDelete(sqlite3_vfs* /*vfs*/, const char* path, int sync_folder) {
  const Place place = PlaceOf(path);
  return place.disk == nullptr ? SQLITE_IOERR_DELETE : place.disk->Delete(place.name, sync_folder != 0);
}

int VfsAccess(sqlite3_vfs* /*vfs*/, const char* path, int /*flags*/, int* result) {
  const Place place = PlaceOf(path);
  const Disk::File* node = place.disk == nullptr ? nullptr : place.disk->Find(place.name);
  // As SQLite's own does: an empty file counts as absent.
  *result = node != nullptr && !node->cache.empty() ? 1 : 0;
  return SQLITE_OK;
}

int VfsFullPathname(sqlite3_vfs* /*vfs*/, const char* path, int size, char* out) {
  sqlite3_snprintf(size, out, "%s", path);
  return SQLITE_OK;
}

void Register() {
  static sqlite3_vfs vfs{};
  static std::once_flag once;
  std::call_once(once, [] {
    const sqlite3_vfs* machine = sqlite3_vfs_find(nullptr);
    EVERTILL_CHECK(machine != nullptr);
    vfs.iVersion = 1;
    vfs.szOsFile = sizeof(Handle);
    vfs.mxPathname = 512;
    vfs.zName = kVfsName;
    vfs.xOpen = &VfsOpen;
    vfs.xDelete = &VfsDelete;
    vfs.xAccess = &VfsAccess;
    vfs.xFullPathname = &VfsFullPathname;
    vfs.xRandomness = machine->xRandomness;
    vfs.xSleep = machine->xSleep;
    vfs.xCurrentTime = machine->xCurrentTime;
    vfs.pAppData = machine->pAppData;
    EVERTILL_CHECK(sqlite3_vfs_register(&vfs, 0) == SQLITE_OK);
  });
}

/// What is on the disk of one write after a power cut: all of it, or some of its sectors.
Disk::Operation Torn(const Disk::Operation& whole, const std::string& before, std::mt19937_64& rng) {
  Disk::Operation torn = whole;
  for (int64_t at = 0; at < static_cast<int64_t>(whole.data.size());) {
    const int64_t end = std::min<int64_t>((whole.offset + at) / kSector * kSector + kSector - whole.offset,
                                          static_cast<int64_t>(whole.data.size()));
    if ((rng() & 1U) != 0) {
      for (int64_t i = at; i < end; ++i) {
        const auto place = static_cast<size_t>(whole.offset + i);
        torn.data[static_cast<size_t>(i)] = place < before.size() ? before[place] : '\0';
      }
    }
    at = end;
  }
  return torn;
}

}  // namespace

Disk::Disk(std::string folder) : folder_(std::move(folder)) {
  Register();
  EVERTILL_CHECK(Disks().emplace(folder_, this).second);
}

Disk::~Disk() {
  Disks().erase(folder_);
}

void Disk::DieAtSync(int nth, bool after) {
  die_at_sync_ = nth;
  die_after_ = after;
}
void Disk::DieAtWrite(int nth) {
  die_at_write_ = nth;
}
void Disk::Die() {
  dead_ = true;
}
void Disk::FailWrites(int nth, int times, int code) {
  fail_at_write_ = nth;
  fail_times_ = times;
  fail_code_ = code;
}
void Disk::CalmDown() {
  die_at_sync_ = die_at_write_ = fail_at_write_ = fail_times_ = 0;
}

Disk::File* Disk::Find(const std::string& name) {
  const auto found = files_.find(name);
  return found == files_.end() ? nullptr : found->second.get();
}

Disk::File& Disk::Make(const std::string& name) {
  auto& file = files_[name];
  if (!file) file = std::make_unique<File>();
  return *file;
}

int Disk::BeforeWrite() {
  if (dead_) return SQLITE_IOERR_WRITE;
  ++counts_.writes;
  if (die_at_write_ > 0 && --die_at_write_ == 0) {
    dead_ = true;
    return SQLITE_IOERR_WRITE;
  }
  if (fail_at_write_ > 0) --fail_at_write_;
  if (fail_at_write_ == 0 && fail_times_ > 0) {
    --fail_times_;
    return fail_code_;
  }
  return SQLITE_OK;
}

int Disk::Write(File& file, Operation operation) {
  const bool was_dead = dead_;
  const int result = BeforeWrite();
  if (result != SQLITE_OK) {
    // The write during which the power went may have reached the disk in part.
    if (dead_ && !was_dead) file.pending.push_back(std::move(operation));
    return result;
  }
  Apply(file.cache, operation);
  file.pending.push_back(std::move(operation));
  return SQLITE_OK;
}

int Disk::Sync(File& file) {
  if (dead_) return SQLITE_IOERR_FSYNC;
  if (fail_at_write_ == 0 && fail_times_ > 0) {
    --fail_times_;
    return fail_code_ == SQLITE_FULL ? SQLITE_FULL : SQLITE_IOERR_FSYNC;
  }
  ++counts_.syncs;
  const bool dies = die_at_sync_ > 0 && --die_at_sync_ == 0;
  if (dies && !die_after_) {
    dead_ = true;
    return SQLITE_IOERR_FSYNC;
  }
  for (const Operation& operation : file.pending) Apply(file.durable, operation);
  file.pending.clear();
  file.named = true;
  if (dies) {
    dead_ = true;
    return SQLITE_IOERR_FSYNC;
  }
  return SQLITE_OK;
}

int Disk::Delete(const std::string& name, bool synced) {
  if (dead_) return SQLITE_IOERR_DELETE;
  const auto found = files_.find(name);
  if (found == files_.end()) return SQLITE_IOERR_DELETE_NOENT;
  if (found->second->named && !synced) ghosts_[name] = found->second->durable;
  files_.erase(found);
  return SQLITE_OK;
}

void Disk::SurvivePowerCut(File& file, std::mt19937_64& rng) {
  const auto mode = rng() % 4;  // nothing, everything, some, some of them torn
  for (const Operation& operation : file.pending) {
    const bool keep = mode == 1 || (mode >= 2 && (rng() & 1U) != 0);
    ++(keep ? counts_.kept_unsynced : counts_.lost_unsynced);
    if (!keep) continue;
    if (mode == 3 && !operation.truncate && rng() % 3 == 0) {
      ++counts_.torn;
      Apply(file.durable, Torn(operation, file.durable, rng));
    } else {
      Apply(file.durable, operation);
    }
    file.named = true;
  }
  file.pending.clear();
  file.cache = file.durable;
}

void Disk::Restart(Halt how, std::mt19937_64& rng) {
  EVERTILL_CHECK(handles_ == 0);
  dead_ = false;
  CalmDown();
  if (how == Halt::kPowerCut) {
    for (auto entry = files_.begin(); entry != files_.end();) {
      SurvivePowerCut(*entry->second, rng);
      entry = entry->second->named ? std::next(entry) : files_.erase(entry);
    }
    for (auto& [name, content] : ghosts_) {
      if (files_.contains(name) || (rng() & 1U) != 0) continue;
      File& back = Make(name);
      back.cache = back.durable = content;
      back.named = true;
    }
    ghosts_.clear();
  }
  for (auto& [name, file] : files_) {
    file->readers = 0;
    file->writer = nullptr;
    file->exclusive = false;
    file->shared_memory.clear();
    file->shared_users = 0;
    for (auto& slot : file->slots) slot = {};
  }
}

DiskImage Disk::Image() const {
  DiskImage image;
  for (const auto& [name, file] : files_) image.emplace(name, file->cache);
  return image;
}

void Disk::Put(const DiskImage& image) {
  EVERTILL_CHECK(handles_ == 0);
  files_.clear();
  ghosts_.clear();
  dead_ = false;
  CalmDown();
  for (const auto& [name, content] : image) {
    File& file = Make(name);
    file.cache = file.durable = content;
    file.named = true;
  }
}

}  // namespace evertill::sim
