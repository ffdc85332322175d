#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace evertill::sim {

/// The name under which SQLite knows the disks below. Registered by the first Disk.
inline constexpr const char* kVfsName = "evertill-sim";

/// How a machine stopped.
enum class Halt {
  kKill,      ///< the process ended; what it wrote is in the kernel and stays
  kPowerCut,  ///< what was not synced is there, half there, torn at 512 bytes, or not there
};

/// What files hold, by name without the folder: a copy of a disk as one would take it of a machine at any moment.
using DiskImage = std::map<std::string, std::string>;

/// What a disk counted since it was made.
struct DiskCounts {
  int64_t syncs = 0;
  int64_t writes = 0;
  int64_t kept_unsynced = 0;  ///< writes that a power cut let through though nobody had synced them
  int64_t lost_unsynced = 0;
  int64_t torn = 0;
};

/// The SQLite files of one folder, in memory: for each a durable image and the writes that are not synced yet. One
/// thread at a time; every connection to a folder's files belongs to the one process that the machine runs.
class Disk {
 public:
  /// `folder`: absolute path; files whose parent is exactly this folder live here.
  explicit Disk(std::string folder);
  ~Disk();
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;

  [[nodiscard]] const std::string& Folder() const { return folder_; }

  /// The disk dies at the `nth` sync from now (1: the next): before it has an effect, or after (then the data is safe
  /// and nobody was told). Everything fails from then on until Restart().
  void DieAtSync(int nth, bool after);
  void DieAtWrite(int nth);
  void Die();
  [[nodiscard]] bool Dead() const { return dead_; }
  /// Writes and syncs fail with an SQLite code `times` times, beginning with the `nth` write from now.
  void FailWrites(int nth, int times, int code);
  /// Ends injected faults that have not happened yet.
  void CalmDown();

  /// The machine starts again; all connections must be closed. Draws from `rng` for a power cut.
  void Restart(Halt how, std::mt19937_64& rng);

  [[nodiscard]] DiskImage Image() const;
  void Put(const DiskImage& image);
  [[nodiscard]] const DiskCounts& Counts() const { return counts_; }
  [[nodiscard]] int OpenHandles() const { return handles_; }

  /// How a file stands; public for the VFS's functions only.
  struct Operation {
    bool truncate = false;
    int64_t offset = 0;
    std::string data;
  };
  struct File {
    std::string cache;    ///< what programs see
    std::string durable;  ///< what a power cut cannot take
    std::vector<Operation> pending;
    bool named = false;  ///< the name itself is durable
    int readers = 0;     ///< handles with at least a shared lock
    const void* writer = nullptr;
    bool exclusive = false;
    std::vector<std::unique_ptr<char[]>> shared_memory;
    int shared_users = 0;
    struct Slot {
      int shared = 0;
      const void* exclusive = nullptr;
    };
    Slot slots[8];
  };
  [[nodiscard]] File* Find(const std::string& name);
  [[nodiscard]] File& Make(const std::string& name);
  [[nodiscard]] int Write(File& file, Operation operation);
  [[nodiscard]] int Sync(File& file);
  [[nodiscard]] int Delete(const std::string& name, bool synced);
  void CountHandle(int by) { handles_ += by; }

 private:
  [[nodiscard]] int BeforeWrite();
  void SurvivePowerCut(File& file, std::mt19937_64& rng);

  const std::string folder_;
  std::map<std::string, std::unique_ptr<File>> files_;
  std::map<std::string, std::string> ghosts_;  ///< deleted, but the folder was not synced: may be back
  bool dead_ = false;
  int die_at_sync_ = 0;
  bool die_after_ = false;
  int die_at_write_ = 0;
  int fail_at_write_ = 0;
  int fail_times_ = 0;
  int fail_code_ = 0;
  int handles_ = 0;
  DiskCounts counts_;
};

}  // namespace evertill::sim
