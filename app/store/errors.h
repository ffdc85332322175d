#pragma once

#include <string_view>

namespace evertill::store {

/// What the store answers besides what SQLite and checkout's interfaces say.
enum class StoreErrc {
  kNoDataDir,           ///< not a till's data directory: `init` has not been run
  kDataDirInUse,        ///< another process works in it
  kDataDir,             ///< cannot be made, read or written
  kAlreadyInitialised,  ///< `init` on a directory that has a till
  kCommitUnknown,       ///< the disk failed while a commit was written and has not recovered; asked again later
  kTerminalFixed,       ///< the journal is not empty: store, till and incarnation stay as they are
  kBadStored,           ///< a stored value that this program did not write
  kJournalBroken,       ///< a hash or a sequence number does not follow from the one before
  kPruned,              ///< an event that was removed here because head office keeps it
  kImportFile,          ///< cannot be read, or is not what its name says
  kImportHeader,        ///< the first line is no known header
  kBadConfig,           ///< till.toml is not what it should be
  kUnknownFormat,       ///< a format that is not supported
};

[[nodiscard]] constexpr std::string_view ErrorName(StoreErrc code) {
  switch (code) {
    case StoreErrc::kNoDataDir:
      return "no_data_dir";
    case StoreErrc::kDataDirInUse:
      return "data_dir_in_use";
    case StoreErrc::kDataDir:
      return "data_dir";
    case StoreErrc::kAlreadyInitialised:
      return "already_initialised";
    case StoreErrc::kCommitUnknown:
      return "commit_unknown";
    case StoreErrc::kTerminalFixed:
      return "terminal_fixed";
    case StoreErrc::kBadStored:
      return "bad_stored_data";
    case StoreErrc::kJournalBroken:
      return "journal_broken";
    case StoreErrc::kPruned:
      return "event_removed";
    case StoreErrc::kImportFile:
      return "import_file";
    case StoreErrc::kImportHeader:
      return "import_header";
    case StoreErrc::kBadConfig:
      return "bad_config";
    case StoreErrc::kUnknownFormat:
      return "unknown_format";
  }
  return "store_error";
}

}  // namespace evertill::store
