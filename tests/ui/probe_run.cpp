#include "tests/ui/probe_run.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace evertill::tests {
namespace {
constexpr std::chrono::milliseconds kStep{10};
constexpr int kSteps = 1000;
}  // namespace

bool Eventually(const std::function<bool()>& is_so) {
  for (int i = 0; i < kSteps; ++i) {
    if (is_so()) return true;
    std::this_thread::sleep_for(kStep);
  }
  return false;
}

ProbeRun::ProbeRun(const std::string& program, std::vector<std::string> arguments,
                   const std::vector<std::string>& environment, const std::function<bool()>& ready) {
  char name[] = "/tmp/evertill-ui-XXXXXX";
  const int file = mkstemp(name);
  if (file < 0) throw std::runtime_error("no temporary file");
  output_ = name;
  pid_ = fork();
  if (pid_ == 0) {
    dup2(file, STDOUT_FILENO);
    for (const std::string& setting : environment) {
      const size_t equals = setting.find('=');
      setenv(setting.substr(0, equals).c_str(), setting.substr(equals + 1).c_str(), 1);
    }
    std::vector<char*> argv{const_cast<char*>(program.c_str())};
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    execv(program.c_str(), argv.data());
    _exit(127);
  }
  close(file);
  if (ready ? !Eventually(ready) : WaitFor("state", 1).empty()) throw std::runtime_error(program + " opened no window");
  std::this_thread::sleep_for(std::chrono::milliseconds(500));  // mapped, focused, first frame drawn
}

ProbeRun::~ProbeRun() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  unlink(output_.c_str());
}

std::vector<std::string> ProbeRun::Lines() const {
  std::ifstream file(output_);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> ProbeRun::WaitFor(const std::string& prefix, size_t count) {
  std::vector<std::string> found;
  (void)Eventually([&] {
    found = Lines();
    found.erase(std::remove_if(found.begin(), found.end(),
                               [&](const std::string& line) { return line.compare(0, prefix.size(), prefix) != 0; }),
                found.end());
    return found.size() >= count;
  });
  return found;
}

ProbeControl::ProbeControl() {
  char name[] = "/tmp/evertill-ui-control-XXXXXX";
  const int file = mkstemp(name);
  if (file >= 0) close(file);
  unlink(name);
  path_ = name;
  if (mkfifo(name, 0600) != 0) throw std::runtime_error("no FIFO");
  fifo_ = open(name, O_RDWR);  // both ends: neither opening nor writing waits for the probe
}

ProbeControl::~ProbeControl() {
  close(fifo_);
  unlink(path_.c_str());
}

void ProbeControl::Tell(const std::string& line) {
  const std::string text = line + "\n";
  if (write(fifo_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    throw std::runtime_error("the probe does not listen");
  }
}

int ProbeRun::Terminate() {
  kill(pid_, SIGTERM);
  int status = 0;
  const bool ended = Eventually([&] { return waitpid(pid_, &status, WNOHANG) == pid_; });
  if (!ended) return -1;
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace evertill::tests
