#include "sync/server/commands.h"

int main(int argc, char** argv) {
  return evertill::server::RunHeadOffice(argc, argv);
}
