#include <boost/json.hpp>
#include <iostream>

#include "app/render/pdf.h"
#include "app/render/png.h"
#include "sync/server/commands_context.h"
#include "sync/server/errors.h"
#include "sync/server/office_cards.h"
#include "sync/server/office_members.h"

namespace evertill::server {

namespace {

/// The PIN of --pin or the first line of --pin-file ("-": standard input); empty when neither was given.
base::Expected<std::string> ReadPin(const Arguments& arguments) {
  if (arguments.pin_file.empty()) return arguments.pin;
  std::string text;
  if (arguments.pin_file == "-") {
    std::getline(std::cin, text);
  } else {
    EVERTILL_ASSIGN(text, ReadNamedFile(arguments.pin_file));
  }
  text.resize(std::min(text.find_first_of("\r\n"), text.size()));
  if (text.empty()) return base::Fail(ServerErrc::kBadArgument, arguments.pin_file + ": no PIN in the first line");
  return text;
}

base::Expected<std::string> ReadPinHash(OpenOffice& office, const Arguments& arguments) {
  EVERTILL_ASSIGN(const std::string pin, ReadPin(arguments));
  if (pin.empty() && !arguments.pin_given) return std::string();
  return HashMemberPin(office.Desk(), pin);
}

base::Status WritePictures(const IssuedCard& card, const Arguments& arguments) {
  if (arguments.png.empty() && arguments.pdf.empty()) return {};
  EVERTILL_ASSIGN(const render::Bitmap picture, DrawMemberCard(card));
  if (!arguments.png.empty()) EVERTILL_TRY(render::WritePng(picture, arguments.png, {}, kCardDotsPerInch));
  if (!arguments.pdf.empty()) EVERTILL_TRY(render::WritePdf(picture, kCardSize, arguments.pdf));
  return {};
}

void PrintCard(const IssuedCard& card, const Arguments& arguments) {
  if (arguments.json) {
    boost::json::object object{
        {"text", card.text}, {"serial", card.serial}, {"level", card.level}, {"member", card.member.id}};
    if (!card.otpauth.empty()) object["otpauth"] = card.otpauth;
    std::cout << ToText(object) << "\n";
    return;
  }
  std::cout << "Card " << card.serial << ", level " << card.level << ", for " << card.member.id << "\n";
  for (const std::string& file : {arguments.png, arguments.pdf}) {
    if (!file.empty()) std::cout << file << "\n";
  }
  if (!card.otpauth.empty()) std::cout << card.otpauth << "\n";
  std::cout << card.text << "\n";
}

base::Status CardIssue(Context& context) {
  const Arguments& arguments = context.arguments;
  EVERTILL_ASSIGN(const auto office, context.Office());
  EVERTILL_ASSIGN(const std::string pin_hash, ReadPinHash(*office, arguments));
  IssuedCard card;
  const auto work = [&](Store& store, const DeskParts& desk) -> base::Status {
    EVERTILL_ASSIGN(card, IssueMemberCard(store, desk, arguments.member, arguments.level));
    if (!pin_hash.empty()) EVERTILL_TRY(SetMemberPin(store, desk, card.member.id, pin_hash));
    // Before the commit: a card that could not be printed was never issued.
    return WritePictures(card, arguments);
  };
  EVERTILL_TRY(office->Change(work));
  PrintCard(card, arguments);
  return {};
}

base::Status CardList(Context& context) {
  EVERTILL_ASSIGN(const auto store, context.OpenView());
  EVERTILL_ASSIGN(const MemberTruth truth, LookAtMember(*store, context.arguments.member));
  boost::json::array rows;
  for (const CardRow& card : truth.cards) {
    const std::string issued = base::FormatUtc(card.issued);
    const std::string denied = card.denied ? base::FormatUtc(*card.denied) : std::string();
    rows.push_back({{"serial", card.serial},
                    {"level", card.level},
                    {"issued", issued},
                    {"denied", denied},
                    {"pin_locked", truth.pin_locked}});
    if (context.arguments.json) continue;
    std::cout << card.serial << " level " << card.level << " issued " << issued
              << (denied.empty() ? "" : " denied " + denied) << "\n";
  }
  if (context.arguments.json) {
    std::cout << boost::json::serialize(rows) << "\n";
  } else if (truth.pin_locked && !truth.person.erased) {
    std::cout << "The PIN is locked: evertill-hq card unlock " << truth.person.id << "\n";
  }
  return {};
}

base::Status CardDeny(Context& context) {
  const Arguments& arguments = context.arguments;
  EVERTILL_ASSIGN(const auto office, context.Office());
  Denial denial = Denial::kBefore;
  EVERTILL_TRY(office->Change([&](Store& store, const DeskParts& desk) -> base::Status {
    EVERTILL_ASSIGN(denial, DenyMemberCard(store, desk, arguments.what, arguments.reason));
    return {};
  }));
  std::string words = "Denied before.\n";
  if (denial == Denial::kDenied) words = "Denied; tills refuse it when they have synced.\n";
  if (denial == Denial::kDeniedUnknown) {
    words =
        "Denied, though head office knows no card of this serial (a copy that was restored may be older than it); "
        "tills refuse it when they have synced.\n";
  }
  SayDone(arguments,
          {{"card", arguments.what},
           {"denied", true},
           {"before", denial == Denial::kBefore},
           {"known", denial != Denial::kDeniedUnknown}},
          words);
  return {};
}

base::Status CardUnlock(Context& context) {
  EVERTILL_ASSIGN(const auto office, context.Office());
  int64_t generation = 0;
  const auto work = [&](Store& store, const DeskParts& desk) -> base::Status {
    EVERTILL_ASSIGN(generation, UnlockMember(store, desk, context.arguments.member));
    return {};
  };
  EVERTILL_TRY(office->Change(work));
  SayDone(context.arguments, {{"unlocked", true}, {"generation", generation}},
          "Unlocked; tills take the PIN again when they have synced.\n");
  return {};
}

base::Status CardPin(Context& context) {
  EVERTILL_ASSIGN(const auto office, context.Office());
  EVERTILL_ASSIGN(const std::string pin_hash, ReadPinHash(*office, context.arguments));
  int64_t generation = 0;
  const auto work = [&](Store& store, const DeskParts& desk) -> base::Status {
    EVERTILL_ASSIGN(generation, SetMemberPin(store, desk, context.arguments.member, pin_hash));
    return {};
  };
  EVERTILL_TRY(office->Change(work));
  SayDone(context.arguments, {{"pin_set", true}, {"generation", generation}},
          "The new PIN counts at each till once it has synced.\n");
  return {};
}

}  // namespace

void CommandTree::AddCards() {
  Arguments& arguments = context_.arguments;
  CLI::App* card = Group("card", "Members' cards and PINs");
  CLI::App* issue = Add(card, "issue", "Issue a signed card (its text alone on the last line)", &CardIssue);
  AddMember(issue);
  issue->add_option("--level", arguments.level, "1: printed; 2: on a phone, with a time code")->capture_default_str();
  auto* pin = issue->add_option("--pin", arguments.pin, "4 to 8 digits; other people on this machine can see it");
  pin->each([&arguments](const std::string&) { arguments.pin_given = true; });
  issue->add_option("--pin-file", arguments.pin_file, "The PIN in its first line; - is standard input")->excludes(pin);
  issue->add_option("--png", arguments.png, "Picture of the card: 85.60 x 53.98 mm at 300 dots an inch");
  issue->add_option("--pdf", arguments.pdf, "Page of the card's size, for a card printer");
  AddJson(issue);
  CLI::App* list = Add(card, "list", "A member's signed cards", &CardList);
  AddMember(list);
  AddJson(list);
  CLI::App* deny = AddAct(card, "deny", "Put a card on the list of lost cards", &CardDeny);
  deny->add_option("card", arguments.what, "Serial of a signed card (16 hex digits), or number of a plain one")
      ->required();
  deny->add_option("--reason", arguments.reason, "A code of a-z, 0-9, - and _; it stays in the log");
  AddMember(AddAct(card, "unlock", "Let tills take a locked PIN again", &CardUnlock));
  CLI::App* new_pin = AddAct(card, "pin", "Set a member's PIN", &CardPin);
  AddMember(new_pin);
  new_pin->add_option("--pin-file", arguments.pin_file, "The PIN in its first line; - is standard input")->required();
}

}  // namespace evertill::server
