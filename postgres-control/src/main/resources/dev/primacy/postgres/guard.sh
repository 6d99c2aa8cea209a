# SPDX-License-Identifier: Apache-2.0
#
# The guard of one PostgreSQL server: starts it, and ends it by a deadline, whatever became of the agent.
#
#   agent --stdin/stdout--> guard --> keeper --> postmaster --> backends
#
# Commands: arm SOFT HARD | disarm | look | run primary | run standby. Times are milliseconds since boot, as in /proc/uptime.
# Events: armed HARD, late HARD, disarmed, running, refused WHY, fencing, fenced, command STATUS, exited STATUS.
# Arguments from the sixth on are a command to run after each fence.
# If the guard dies, the kernel tells the keeper, which kills the server; if the keeper dies, the kernel kills the
# postmaster and the guard the rest. Everything in the steady state is a shell builtin: no process is forked.
role=$1 guard=$2 data=$3 postgres=$4 log=$5 on_fence=("${@:6}")
keeper='' soft=0 hard=0 asked='' input=0

# A write to a dead agent must fail, not kill; Ctrl-C and service managers end the agent, which ends the rest in order.
trap : PIPE HUP INT TERM

# Rounded up: the file shows hundredths cut off, and a fence may be early but never late.
read_clock() {
    local uptime
    read -r uptime _ </proc/uptime
    now=$((10#${uptime/./} * 10 + 10))
}

pause() { read -r -t "$1" -u 7; }

# The server's processes, told by working folder and program, so that a stray postmaster.pid cannot mislead and an
# administrator's shell in that folder is left alone. Descriptors 8 and 9 stay right when files are moved or upgraded.
find_server() {
    local process parent
    server='' children=()
    for process in /proc/[0-9]*; do
        [[ $process/cwd -ef /dev/fd/8 && $process/exe -ef /dev/fd/9 ]] || continue
        read -r _ _ _ parent _ <"$process/stat" || continue
        if [[ $parent == "$keeper" ]]; then server=${process#/proc/}; else children+=("${process#/proc/}"); fi
    done 2>/dev/null
}

# Also works on a stopped postmaster, which would never pass the request on: backends go on acknowledging commits then.
# WAL senders and the auxiliary processes are spared: they bring the last WAL to the standbys. In doubt it is a client.
ask_to_end() {
    local child title clients=()
    find_server
    for child in "${children[@]}"; do
        IFS= read -r -d '' title <"/proc/$child/cmdline" || continue
        case ${title##*: } in
            archiver* | 'autovacuum launcher'* | 'background writer'* | checkpointer* | 'io worker'* | logger* | \
                'logical replication launcher'* | 'slotsync worker'* | startup* | 'stats collector'* | walreceiver* | \
                walsender* | walsummarizer* | 'wal summarizer'* | walwriter*) ;;
            *) clients+=("$child") ;;
        esac
    done
    if [[ $server ]]; then kill -INT "$server"; fi
    if ((${#clients[@]})); then kill -TERM "${clients[@]}"; fi
} 2>/dev/null

# Those that the kernel names at once, where it does: while all processes are searched, sessions that were thawed after the
# deadline would go on acknowledging.
strike() {
    local server sessions=()
    [[ $keeper ]] && read -r server _ <"/proc/$keeper/task/$keeper/children" || return
    kill -STOP "$server"
    read -r -a sessions <"/proc/$server/task/$server/children"
    if ((${#sessions[@]})); then kill -KILL "${sessions[@]}"; fi
} 2>/dev/null

# The postmaster is stopped first, so that it forks nothing new, and killed last, so that its end means the end of all.
# A process that was sent SIGKILL never runs its own code again, even if the kernel takes long to remove it.
kill_server() {
    local pass
    strike
    find_server
    if [[ $server ]]; then kill -STOP "$server"; fi
    for pass in {1..50}; do
        find_server
        if ((${#children[@]})); then kill -KILL "${children[@]}"; elif ((pass > 1)); then break; fi
        pause 0.01
    done
    if [[ $server ]]; then kill -KILL "$server"; fi
} 2>/dev/null

# Ends with status 0 only after it has reported the end of the server, with all its processes.
keep() {
    keeper=$$
    trap 'kill_server' USR1
    # The guard died before the kernel was asked to tell: nobody would ever fence.
    [[ $PPID == "$guard" ]] || exit 1
    "${tie_kill[@]}" bash -c '[[ $PPID == "$0" ]] || exit 1; unset PRIMACY_GUARD; exec "$@"' \
        "$$" "$postgres" -D "$data" </dev/null >>"$log" 2>&1 7<&- 8<&- 9<&- &
    local postmaster=$! status=0
    while kill -0 "$postmaster" 2>/dev/null; do wait "$postmaster"; done
    wait "$postmaster" || status=$?
    kill_server
    echo "exited $status"
    exit 0
}

run() {
    local tries
    # The keeper reports the end a moment before its own.
    for tries in {1..50}; do
        notice_end_of_keeper
        [[ $keeper ]] && pause 0.01 || break
    done
    if [[ $keeper ]]; then
        echo "refused a server runs already"
    elif [[ $1 == primary ]] && ((!hard || now >= soft)); then
        echo "refused no deadline is armed for a primary"
    elif exec 8<"$data" 9<"$postgres"; then
        echo running
        "${tie_usr1[@]}" bash -c 'eval "$PRIMACY_GUARD"' primacy-keeper keep "$$" "$data" "$postgres" "$log" </dev/null &
        keeper=$!
    else
        echo "refused cannot read $data or $postgres"
    fi
}

# Beside the loop, whose own work must not wait for it. Without an agent only the log gets to know how it ended.
tell_of_fence() {
    local status=0
    ((${#on_fence[@]})) || return
    {
        unset PRIMACY_GUARD
        "${on_fence[@]}" || status=$?
        ((status == 0)) || echo "guard: the fence command ended with status $status: ${on_fence[*]}" >&2
        echo "command $status" >&6
    } 6>&1 </dev/null >&2 7<&- 8<&- 9<&- &
}

fence_if_due() {
    ((hard)) || return
    if ((now >= hard)); then
        kill_server
        hard=0
        echo fenced
        tell_of_fence
    elif ((now >= soft)) && [[ ! $asked ]]; then
        asked=yes
        echo fencing
        ask_to_end
    fi
}

notice_end_of_keeper() {
    [[ $keeper ]] && ! kill -0 "$keeper" 2>/dev/null || return
    if ! wait "$keeper"; then
        kill_server
        echo "exited 137"
    fi
    keeper=''
}

arm() {
    soft=$1 hard=$2 asked=''
    if ((now < hard)); then echo "armed $hard"; else echo "late $hard"; fi
}

# The agent is gone: nobody will renew, so a primary ends now, and a standby goes on alone.
lose_agent() {
    input=7
    if ((hard)); then
        soft=$now
        hard=$((hard < now + 1000 ? hard : now + 1000))
    fi
}

guard() {
    local due wait command='' first second status part line=''
    read_clock
    while :; do
        if ((!hard)) && [[ $input == 7 ]]; then
            while [[ $keeper ]] && kill -0 "$keeper" 2>/dev/null; do wait "$keeper"; done
            exit 0
        fi
        # If nothing was done since the last look, that was a moment ago.
        if [[ $command || $asked ]]; then read_clock; fi
        # Timers stand still while the host is suspended or the container paused, and boot time does not. What is left of
        # this wait then comes afterwards, when the server answers again. After a pause the agent has the guard look at
        # once; a second remains where it does not. Without a deadline only the end of a keeper that was killed is waited for.
        if [[ $asked ]]; then due=$hard; else due=$soft; fi
        if ((hard)); then due=$((due - now < 1000 ? due - now : 1000)); else due=5000; fi
        due=$((due > 1 ? due : 1))
        printf -v wait '%d.%03d' $((due / 1000)) $((due % 1000))
        command=''
        # The time may run out in the middle of a line, whose first half is then kept: half an order must not be obeyed.
        IFS= read -r -t "$wait" -u "$input" part
        status=$?
        line+=$part
        if ((status == 0)); then
            command=${line%% *} line=${line#* }
            first=${line%% *} second=${line##* } line=''
        fi
        # The time is looked at before anything else: after a freeze a deadline may be long past.
        read_clock
        fence_if_due
        notice_end_of_keeper
        case $command in
            arm) arm "$first" "$second" ;;
            disarm) hard=0; echo disarmed ;;
            look) ;;
            run) run "$first" ;;
            *) if ((status > 0 && status <= 128)); then lose_agent; fi ;;
        esac
    done
}

# For an agent that met a server it did not start, and for what a dead guard left.
kill_all() { exec 8<"$data" 9<"$postgres" && kill_server; }

find_all() {
    exec 8<"$data" 9<"$postgres" && find_server
    echo "${children[*]}"
}

exec 7<> <(:)
tie_usr1=() tie_kill=()
if setpriv --pdeathsig KILL true 2>/dev/null; then
    tie_usr1=(setpriv --pdeathsig USR1) tie_kill=(setpriv --pdeathsig KILL)
fi
# A wait does not pass while the guard is frozen: after the thaw, what was left of it would come before the next look at
# the time, and thawed sessions go on.
if [[ $role == guard ]]; then trap 'read_clock; fence_if_due' CONT; fi
"$role"
