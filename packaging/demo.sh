# The demo shop of packaging/run: setting it up, starting its parts, playing a shift, stopping everything.
# Sourced by packaging/run after lib.sh; not a program.
# shellcheck shell=bash

demo_processes=()

demo_open() { # BUILD-DIR NAME FRESH PORT
  demo_bin="$PWD/$1/bin"
  demo_home="$PWD/$1/demo/$2"
  case "$2" in
    thai) demo_currency=THB demo_language=th demo_catalogue=catalogue.csv demo_shift=shift.jsonl ;;
    vietnam) demo_currency=VND demo_language=vi demo_catalogue=catalogue-vnd.csv demo_shift=shift-vnd.jsonl ;;
  esac
  # Half a set-up is no set-up.
  if [ "$3" = yes ] || [ ! -e "$demo_home/ready" ]; then rm -rf "$demo_home"; fi
  mkdir -p "$demo_home"
  # One demo at a time: two tills in one data directory would refuse each other with less helpful words.
  exec 9>"$demo_home/lock"
  flock --nonblock 9 || fail "this demo is running already ($demo_home)"
  if [ -e "$demo_home/port" ]; then
    demo_port=$(cat "$demo_home/port")
    if [ -n "$4" ] && [ "$4" != "$demo_port" ]; then
      fail "this demo's till knows head office at port $demo_port; to change that: packaging/run --fresh --port $4"
    fi
    demo_printer_port=$(cat "$demo_home/printer-port")
    local taken
    for taken in "$demo_port" "$demo_printer_port"; do
      ! port_taken "$taken" || fail "port $taken is taken by another program; stop it, or packaging/run --fresh"
    done
  elif [ -n "$4" ]; then
    demo_port=$4
    ! port_taken "$demo_port" || fail "port $demo_port is taken by another program"
  else
    demo_port=$(free_port 8443)
  fi
  demo_printer_port=${demo_printer_port-$(free_port 9100)}
  demo_url="https://127.0.0.1:$demo_port"
}

port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

free_port() { # FIRST
  local port=$1
  while port_taken "$port"; do port=$((port + 1)); done
  echo "$port"
}

# Runs a step and shows what it said only if it failed.
demo_step() { # WORDS COMMAND…
  local words=$1
  shift
  echo "  $words"
  if ! "$@" >"$demo_home/step.log" 2>&1; then
    sed 's/^/    /' "$demo_home/step.log" >&2
    fail "this failed: $words"
  fi
}

hq() { "$demo_bin/evertill-hq" --database "sqlite:$demo_home/hq.db" "$@" 9>&-; }
till() { "$demo_bin/evertillctl" --data-dir "$demo_home/till" "$@" 9>&-; }

demo_background() { # LOG COMMAND…
  local log=$1
  shift
  "$@" >>"$log" 2>&1 9>&- &
  demo_processes+=($!)
}

demo_wait() { # WORDS PROCESS LOG COMMAND…: until the command succeeds; gives up after 20 s or when the process has ended
  local words=$1 process=$2 log=$3 tries=0
  shift 3
  until "$@" >/dev/null 2>&1; do
    tries=$((tries + 1))
    if [ $tries -gt 200 ] || ! kill -0 "$process" 2>/dev/null; then
      tail -5 "$log" | sed 's/^/    /' >&2
      fail "$words did not work (above; all of it in $log)"
    fi
    sleep 0.1
  done
}

demo_stop() {
  local process
  set +e
  for process in "${demo_processes[@]}"; do kill -TERM "$process" 2>/dev/null; done
  for process in "${demo_processes[@]}"; do
    for _ in {1..50}; do
      kill -0 "$process" 2>/dev/null || break
      sleep 0.1
    done
    kill -KILL "$process" 2>/dev/null
  done
  wait 2>/dev/null
}

demo_start_printer() {
  mkdir -p "$demo_home/receipts"
  local log=$demo_home/printer.log
  : >"$log"
  demo_background "$log" "$demo_bin/evertill-devsim" printer --listen "127.0.0.1:$demo_printer_port" --out "$demo_home/receipts"
  demo_wait "the printer simulator" "${demo_processes[-1]}" "$log" grep -q '^listening ' "$log"
  demo_printer="tcp://127.0.0.1:$demo_printer_port"
}

demo_start_hq() {
  demo_background "$demo_home/hq.log" "$demo_bin/evertill-hq" --database "sqlite:$demo_home/hq.db" \
    serve --listen "127.0.0.1:$demo_port"
  demo_wait "head office" "${demo_processes[-1]}" "$demo_home/hq.log" demo_http /readyz
}

# Head office's certificate is by its own CA, which only its tills know: for this look at our own loopback, any will do.
demo_http() { # PATH [CURL-ARGUMENTS…]
  local path=$1
  shift
  curl --silent --show-error --fail --insecure --max-time 20 "$@" "$demo_url$path"
}

demo_secret() { # FILE COMMAND…: the last line of what the command prints, kept where only this user reads it
  local file=$1
  shift
  (umask 077 && "$@" >"$file.all" && tail -1 "$file.all" >"$file" && rm "$file.all")
}

demo_set_up() {
  demo_step "head office: keys and database" hq init
  demo_step "head office: store S01" hq store add S01 --name "Siam Square"
  demo_step "head office: tokens for its pages and for its log" demo_tokens
  demo_start_hq
  demo_step "head office: a one-time code for till L03" demo_secret "$demo_home/code" hq till code --store S01 --till L03
  demo_step "till L03: a new data directory" till init --store S01 --till L03 --currency "$demo_currency" \
    --lang "$demo_language" --name "Siam Square" --printer "$demo_printer" --unattended cashier
  demo_step "till L03: 204 products" till catalogue import "$PWD/assets/demo/$demo_catalogue"
  demo_step "till L03: enrolled at $demo_url" till enroll --server "$demo_url" --code "$(cat "$demo_home/code")"
  rm -f "$demo_home/code"
  printf '1234\n' >"$demo_home/pin"
  demo_step "till L03: cashier nok, PIN 1234" till cashier add nok --role cashier --pin-file "$demo_home/pin"
  rm -f "$demo_home/pin"
  demo_step "till L03: two members" demo_members
  demo_step "till L03: first sync" till sync --once
  echo "$demo_port" >"$demo_home/port"
  echo "$demo_printer_port" >"$demo_home/printer-port"
  touch "$demo_home/ready"
}

demo_tokens() {
  demo_secret "$demo_home/admin-token" hq token create --role admin &&
    demo_secret "$demo_home/puller-token" hq token create --role puller
}

demo_members() {
  till member enrol --name "คุณสมชาย ใจดี" --phone 0812345678 --consent points &&
    till member enrol --name "Nguyễn Thị Lan" --phone 0898765432 --consent points
}

demo_till() {
  "$demo_bin/evertill" --data-dir "$demo_home/till" 9>&- || fail "the till ended with an error; its log is in $demo_home/till"
}

demo_play() {
  local refused sales paper
  # Whoever joined when the shift was played before is a member now.
  if [ -e "$demo_home/played.jsonl" ]; then
    sed 's/^{"enrol":.*"phone":"\([0-9]*\)".*/{"member":"\1"}/' "assets/demo/$demo_shift"
  else
    cat "assets/demo/$demo_shift"
  fi >"$demo_home/shift.jsonl"
  sales=$(grep -c '"tender"' "$demo_home/shift.jsonl")
  paper=$(find "$demo_home/receipts" -name '*.png' | wc -l)
  till play - <"$demo_home/shift.jsonl" >"$demo_home/played.jsonl" || fail "the shift could not be played (above)"
  refused=$(grep -c '"ok":false' "$demo_home/played.jsonl" || true)
  echo "  played: $sales sales, $refused refusals (answers in $demo_home/played.jsonl)"
  [ "$refused" -eq 0 ] || fail "the demo shift should play without a refusal"
  demo_wait "printing" "${demo_processes[0]}" "$demo_home/printer.log" demo_printed $((paper + sales))
  echo "  receipts: $sales printed on the printer simulator"
  demo_step "sync with head office" till sync --once
}

demo_printed() { # HOW-MANY
  [ "$(find "$demo_home/receipts" -name '*.png' | wc -l)" -ge "$1" ]
}

demo_pull_log() {
  demo_http '/api/v1/log?after=&limit=1000' --header "Authorization: Bearer $(cat "$demo_home/puller-token")" \
    --output "$demo_home/log.jsonl" || fail "head office did not give its log"
  echo "  head office's log: $(wc -l <"$demo_home/log.jsonl") events"
}

# The till as it looks, on a screen that exists only in memory, with a basket rung up by scanner.
demo_screenshot() {
  local screen=$demo_home/screen display
  rm -rf "$screen" && mkdir -p "$screen"
  Xvfb -displayfd 3 -screen 0 1280x800x24 -nolisten tcp -noreset 3>"$screen/number" >"$screen/xvfb.log" 2>&1 9>&- &
  demo_processes+=($!)
  demo_wait "Xvfb" "$!" "$screen/xvfb.log" grep -q . "$screen/number"
  display=:$(cat "$screen/number")
  DISPLAY=$display WAYLAND_DISPLAY='' GDK_BACKEND=x11 NO_AT_BRIDGE=1 \
    "$demo_bin/evertill" --data-dir "$demo_home/till" >"$screen/till.log" 2>&1 9>&- &
  demo_processes+=($!)
  local till_process=$!
  demo_wait "the till" "$till_process" "$screen/till.log" \
    env DISPLAY="$display" xdotool search --onlyvisible --name 'Evertill'
  sleep 1
  local code
  for code in $(grep -o '"scan":"[0-9]*"' "assets/demo/$demo_shift" | tail -7 | grep -o '[0-9]*'); do
    DISPLAY=$display xdotool type --delay 4 "$code"
    DISPLAY=$display xdotool key Return
    sleep 0.2
  done
  sleep 1
  DISPLAY=$display import -window root "$demo_home/till.png" || fail "no screenshot of the till"
  kill -TERM "$till_process"
  wait "$till_process" 2>/dev/null || true
}

demo_say_where() {
  echo
  echo "  head office    $demo_url/   (its certificate is its own: tell the browser to go on)"
  echo "                 sign in with this token: $(cat "$demo_home/admin-token")"
  echo "  receipts       $demo_home/receipts/*.png"
  if [ -e "$demo_home/till.png" ]; then echo "  screenshot     $demo_home/till.png"; fi
  if [ -e "$demo_home/log.jsonl" ]; then echo "  log            $demo_home/log.jsonl"; fi
  echo "  the till       $demo_bin/evertillctl --data-dir $demo_home/till --help"
  echo
}
