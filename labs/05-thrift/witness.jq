# SPDX-License-Identifier: GPL-2.0-or-later
# All firings of a round, each [name, arguments, thread, time], to lines "name=value".
# Of the arguments: 0 request, 1 connection, 2 service, 3 method.

def named($name): map(select(.[0] == "thrift_context_stack_" + $name));
def groups($arg): group_by(.[1][$arg]) | map({key: .[0][1][$arg], count: length});
def most: max_by(.count).key;
def median: sort | .[(length - 1) / 2 | floor];

. as $all
| named("pre_read") as $read
| named("post_write") as $written
| named("user_exception") as $exceptions
| named("handler_error") as $errors
| ($read | groups(3) | sort_by(-.count)) as $calls
| ($exceptions | groups(1)) as $failing
| ($read | groups(1)) as $connections
| ($read | map({key: "\(.[1][0])", value: .[3]}) | from_entries) as $begun
| ($written | map({method: .[1][3], ns: (.[3] - $begun["\(.[1][0])"])}) | group_by(.method)
	| map({method: .[0].method, ns: (map(.ns) | median)}) | sort_by(-.ns)) as $times
| ($written | map(.[3] - $begun["\(.[1][0])"])) as $all_times
| ($errors[0]) as $error
| ($all | map(select(.[0] == "sum"))) as $sums
| ($sums | map(select(.[2] == $error[2] and .[3] < $error[3])) | max_by(.[3])) as $overflow
| ($sums | map(select(.[1] != $overflow[1])) | .[0]) as $sum
| ($connections | map(select(. as $c | any($failing[]; . == $c)))) as $always
| {
	"most": $calls[0].key, "most-count": $calls[0].count,
	"second": $calls[1].key, "least": $calls[-1].key,
	"bytes": ($written | map(select(.[1][3] == "lookup") | .[1][4]) | add),
	"bytes-read": ([$all | named("post_read")[] | select(.[1][3] == "lookup") | .[1][4]] | add),
	"bytes-all": ($written | map(.[1][4]) | add),
	"bytes-one": ($written | map(select(.[1][3] == "lookup") | .[1][4]) | .[0]),
	"lookups": ($read | map(select(.[1][3] == "lookup")) | length),
	"fails": ($exceptions | groups(3) | most),
	"spared": ($exceptions | groups(3) | most | if . == "divide" then "lookup" else "divide" end),
	"exception": $exceptions[0][1][4],
	"no-exception": ($exceptions[0][1][4] | if . == "NotFound" then "DivideByZero" else "NotFound" end), "text": $exceptions[0][1][5],
	"failures": ($exceptions | length),
	"num1": $overflow[1][0], "num2": $overflow[1][1],
	"true-sum": ($overflow[1][0] + $overflow[1][1]),
	"some-num1": $sum[1][0], "some-num2": $sum[1][1],
	"always": $always[0].key, "often": ($failing | most),
	"quiet": ($connections | map(.key) - ($failing | map(.key)) - [$error[1][1]] | .[0]),
	"error-connection": $error[1][1], "error-request": $error[1][0],
	"slow": $times[0].method, "fast": $times[-1].method,
	"slow-ms": ($times[0].ns / 1000000), "slow-us": ($times[0].ns / 1000 | round),
	"slow-more": ($times[0].ns * 1.05 / 1000000), "slow-less": ($times[0].ns * 0.95 / 1000000),
	"too-slow": ($times[0].ns * 1.16 / 1000000), "too-fast": ($times[0].ns * 0.84 / 1000000),
	"second-slow-us": ($times[1].ns / 1000), "all-us": ($all_times | median / 1000),
	"errors": ($errors | length), "always-count": ($always | length)
}
| to_entries[] | "\($prefix)\(.key)=\(.value)"
