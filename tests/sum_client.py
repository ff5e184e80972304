# SPDX-License-Identifier: GPL-2.0-or-later
"""Apache Thrift's own client against the target sumd, for tests/58-sumd.bats.

sum_client.py CHECK ADDRESS...: an address is 127.0.0.1:PORT or @NAME or a path. The code
that the Thrift compiler made lies in ./gen-py, from targets/sum.thrift (package sum) and
from a service of another mind (package other).
"""
import struct
import sys
import threading

sys.path.insert(0, "gen-py")
from thrift.Thrift import TApplicationException
from thrift.protocol.TBinaryProtocol import TBinaryProtocol, TBinaryProtocolAccelerated
from thrift.transport.TSocket import TSocket
from thrift.transport.TTransport import TFramedTransport, TMemoryBuffer

from other import OtherService
from sum import SumService
from sum.ttypes import DivideByZero, NotFound

CALL, REPLY, EXCEPTION, ONEWAY = 1, 2, 3, 4


def plug(address):
    """A connected TSocket that gives up after ten seconds."""
    if ":" in address:
        host, port = address.split(":")
        plugged = TSocket(host, int(port))
    else:
        plugged = TSocket(unix_socket=address.replace("@", "\0", 1))
    plugged.setTimeout(10000)
    plugged.open()
    return plugged


def client(address, service=SumService, protocol=TBinaryProtocol):
    return service.Client(protocol(TFramedTransport(plug(address))))


def raises(kind, function, *arguments):
    try:
        function(*arguments)
    except kind as error:
        return error
    raise AssertionError("no %s from %r" % (kind.__name__, arguments))


def fails(failure, function, *arguments):
    error = raises(TApplicationException, function, *arguments)
    assert error.type == failure, (error.type, error.message)
    return error.message


def methods(*addresses):
    for address in addresses:
        for protocol in TBinaryProtocol, TBinaryProtocolAccelerated:
            c = client(address, protocol=protocol)
            assert c.sum(20, 22) == 42
            assert c.sum(-2147483648, 2147483647) == -1
            assert c.divide(-7, 2) == -3
            assert c.divide(-2147483648, 1) == -2147483648
            assert c.total([]) == 0
            assert c.total([1, -2, 2147483647]) == 2147483646
            assert c.total([2147483647] * 5000) == 2147483647 * 5000


def exceptions(*addresses):
    for address in addresses:
        c = client(address)
        assert len(raises(DivideByZero, c.divide, 1, 0).message) > 5
        assert len(raises(NotFound, c.lookup, "no such key").message) > 5
        raises(NotFound, c.lookup, "")
        raises(NotFound, c.lookup, "k" * 100000)
        for call in (c.sum, 2147483647, 1), (c.sum, -2147483648, -1), (
            c.divide, -2147483648, -1):
            assert "Overflow" in fails(TApplicationException.INTERNAL_ERROR, *call)
        assert c.sum(1, 2) == 3


def unknown(*addresses):
    """Another service on the same connection."""
    for address in addresses:
        other = client(address, OtherService)
        assert "nonsense" in fails(TApplicationException.UNKNOWN_METHOD, other.nonsense, 3)
        assert other.sum(1, {"x": [1, 2]}, 41, [{3: ["y"]}]) == 42  # more fields than ours
        assert other.divide("seven", 2) == 0  # num1 is no number, so it counts as missing


def oneway(address):
    """A call that wants no answer gets none; the next one gets its own."""
    c = client(address, OtherService)
    c.total([1, 2, 3])
    assert c.sum(1, {}, 2, []) == 3


def kinds(address):
    """Messages that only servers send."""
    for kind in REPLY, EXCEPTION, 0, 200:
        c = client(address)
        p = c._oprot
        p.writeMessageBegin("sum", kind, 7)
        SumService.sum_args(1, 2).write(p)
        p.writeMessageEnd()
        p.trans.flush()
        fails(TApplicationException.INVALID_MESSAGE_TYPE, c.recv_sum)
        assert c.sum(1, 2) == 3


def many(*addresses):
    """64 connections, all open at once, and all at work."""
    clients = [client(addresses[i % len(addresses)]) for i in range(64)]
    wrong = []

    def work(number):
        try:
            for i in range(25):
                assert clients[number].sum(number, i) == number + i
                raises(DivideByZero, clients[number].divide, i, 0)
        except Exception as error:
            wrong.append((number, error))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(len(clients))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong, wrong


def ahead(address):
    """Calls sent before the answers are read, byte by byte the last: answers in order."""
    c = client(address)
    out = TMemoryBuffer()
    for i in range(300):
        SumService.Client(TBinaryProtocol(TFramedTransport(out))).send_sum(i, 1)
    stream = out.getvalue()
    plugged = c._oprot.trans._TFramedTransport__trans
    plugged.write(stream[:-40])
    for byte in stream[-40:]:
        plugged.write(bytes([byte]))
    for i in range(300):
        assert c.recv_sum() == i + 1


def message(name=b"sum", kind=CALL, sequence=5, body=b"\0"):
    return struct.pack(">Ii", 0x80010000 | kind, len(name)) + name + struct.pack(
        ">i", sequence) + body


def framed(content):
    return struct.pack(">i", len(content)) + content


STRING, I32, STRUCT, MAP, LIST = 11, 8, 12, 13, 15


def field(kind, number, value):
    return struct.pack(">bh", kind, number) + value


MALFORMED = {
    "no Thrift at all": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "a negative length": b"\xff\xff\xff\xff",
    "a length beyond all bounds": b"\x7f\xff\xff\xff" + b"x" * 100000,
    "an empty frame": framed(b""),
    "one byte": framed(b"\x80"),
    "another version": framed(b"\x80\x02" + message()[2:]),
    "the old form, without a version": framed(struct.pack(">i3sbi", 3, b"sum", 1, 5) + b"\0"),
    "a name longer than the frame": framed(struct.pack(">Ii", 0x80010001, 1000) + b"sum"),
    "a name of negative length": framed(struct.pack(">Ii", 0x80010001, -1) + b"sum\0\0\0\0\0"),
    "no sequence number": framed(message()[:-5]),
    "no end of the struct": framed(message(body=field(I32, 1, b"\0\0\0\1"))),
    "half a number": framed(message(body=field(I32, 1, b"\0\0"))),
    "bytes behind the end": framed(message(body=b"\0more")),
    "a list that claims 2^31-1 numbers": framed(
        message(b"total", body=field(LIST, 1, b"\x08\x7f\xff\xff\xff") + b"\0")),
    "a list of -1 numbers": framed(
        message(b"total", body=field(LIST, 1, b"\x08\xff\xff\xff\xff") + b"\0")),
    "a list of other numbers": framed(
        message(b"total", body=field(LIST, 1, b"\x0a\0\0\0\1" + bytes(8)) + b"\0")),
    "a list of nothing there is": framed(
        message(body=field(LIST, 9, b"\x05\0\0\0\1" + bytes(8)) + b"\0")),
    "a map that claims too much": framed(
        message(body=field(MAP, 9, b"\x02\x02\x10\0\0\0") + b"\0")),
    "a map of keys without a type": framed(
        message(body=field(MAP, 9, b"\0\x02\0\0\0\1\0\0") + b"\0")),
    "a type that is none": framed(message(body=field(99, 1, b"") + b"\0")),
    "a key of negative length": framed(
        message(b"lookup", body=field(STRING, 1, b"\xff\xff\xff\xf0") + b"\0")),
    "structs without end": framed(message(body=field(STRUCT, 9, b"") * 100000)),
    "lists in lists": framed(message(body=field(LIST, 9, b"\x0f\0\0\0\1" * 50000))),
}


def malformed(*addresses):
    """Each gets an exception, then the end; a connection beside it notices nothing."""
    for number, (what, content) in enumerate(MALFORMED.items()):
        address = addresses[number % len(addresses)]
        beside = client(addresses[0])
        plugged = plug(address)
        try:
            plugged.write(content)
        except OSError:
            pass  # refused before all of it was out
        c = SumService.Client(TBinaryProtocol(TFramedTransport(plugged)))
        try:
            fails(TApplicationException.PROTOCOL_ERROR, c.recv_sum)
            assert plugged.handle.recv(1) == b"", "it goes on"
        except Exception as error:
            raise AssertionError("%s: %r" % (what, error))
        assert beside.sum(1, 2) == 3, what
        plugged.close()


def cut(*addresses):
    """Connections that end anywhere in a call, or before they take the answer."""
    whole = framed(message(b"lookup", body=field(STRING, 1, struct.pack(">i", 3) + b"abc") + b"\0"))
    for address in addresses:
        for length in range(len(whole) + 1):
            plugged = plug(address)
            plugged.write(whole[:length])
            plugged.close()
        assert client(address).sum(1, 2) == 3


def deaf(address):
    """One that calls and calls and never reads: it alone has to wait."""
    plugged = plug(address)
    plugged.handle.setblocking(False)
    call = framed(message(b"no_such_method_" + b"x" * 100000))
    try:
        for _ in range(1000):
            plugged.handle.sendall(call)
    except BlockingIOError:
        pass
    else:
        raise AssertionError("it was never told to wait")
    for _ in range(20):
        assert client(address).sum(1, 2) == 3


class Counting(TFramedTransport):
    """Counts the bytes of the messages there and back."""

    sent = got = 0

    def readFrame(self):
        super().readFrame()
        self.got = len(self._TFramedTransport__rbuf.getvalue())

    def flush(self):
        self.sent = len(self._TFramedTransport__wbuf.getvalue())
        super().flush()


def lives(address):
    """One request of each kind, each on a connection of its own; prints kind, bytes."""

    def request(kind, service, method, *arguments):
        transport = Counting(plug(address))
        try:
            getattr(service.Client(TBinaryProtocol(transport)), method)(*arguments)
        except (DivideByZero, NotFound, TApplicationException):
            pass
        transport.close()
        print(kind, transport.sent, transport.got)

    request("returned", SumService, "sum", 1000001, 7)
    request("declared", SumService, "divide", 1, 0)
    request("failed", SumService, "sum", 2147483647, 1)
    request("returned", SumService, "total", [1, 2, 3])
    request("failed", OtherService, "nonsense", 5)
    request("declared", SumService, "lookup", "\u00e9" * 9)
    request("oneway", OtherService, "total", [1])

    content = MALFORMED["no end of the struct"]
    transport = Counting(plug(address))
    transport._TFramedTransport__trans.write(content)
    c = SumService.Client(TBinaryProtocol(transport))
    fails(TApplicationException.PROTOCOL_ERROR, c.recv_sum)
    print("malformed", len(content) - 4, transport.got)


globals()[sys.argv[1]](*sys.argv[2:])
