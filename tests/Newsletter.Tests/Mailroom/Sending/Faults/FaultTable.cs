using Newsletter.Mailroom;
using static Newsletter.Testing.LoopbackAnswer;
using static Newsletter.Testing.LoopbackStage;

namespace Newsletter.Tests.Mailroom.Sending.Faults;

/// <summary>The faults that a relay can have, one a line.</summary>
internal static class FaultTable
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(250);

    public static IEnumerable<string> Names => All.Select(fault => fault.Name);

    /// <summary>Those whose words and states are new to a database.</summary>
    public static IEnumerable<string> NamesForPostgres => All.Where(fault => fault.Stage is Recipient or Letter && !fault.IsBig && fault.Timeout > Short).Select(fault => fault.Name);

    public static Fault Named(string name) => All.Single(fault => fault.Name == name);

    public static IReadOnlyList<Fault> All { get; } = [.. Opening(), .. Envelope(), .. Letters(), .. Lines(), .. Manners()];

    /// <summary>Before any letter: none is spent.</summary>
    private static IEnumerable<Fault> Opening() =>
    [
        new("line closed in place of a greeting", Greeting, new HangUp()),
        new("line reset in place of a greeting", Greeting, new LoopbackAnswer.Reset()),
        new("no greeting within the time-out", Greeting, new Stall()) { Timeout = Short },
        new("greeting late, within the time-out", Greeting, new Wait(Short)),
        new("421 at the greeting", Greeting, new ReplyAndHangUp("421 4.3.2 too busy")),
        new("554 at the greeting", Greeting, new ReplyAndHangUp("554 5.7.1 no service for you")) { Pauses = "no service for you" },
        new("greeting of another protocol", Greeting, new ReplyAndHangUp("HTTP/1.1 400 Bad Request")),
        new("greeting without an end", Greeting, new Octets(new string('x', 300_000))),
        new("greeting of zeros and escapes", Greeting, new Octets("\0\x1b[2J\xff\r\n")),
        new("421 at EHLO", Hello, new ReplyAndHangUp("421 4.3.2 too busy")),
        new("line closed at EHLO", Hello, new HangUp()),
        new("no answer to EHLO within the time-out", Hello, new Stall()) { Timeout = Short },
        new("EHLO not known, HELO is", Hello, new Reply("502 5.5.1 what is EHLO")) { Times = 1 },
        new("454 at STARTTLS", StartTls, new Reply("454 4.7.0 TLS not available for now")) { Security = RelaySecurity.StartTls, Server = Secure },
        new("clear text behind the consent to STARTTLS", StartTls, new Reply("220 2.0.0 go on\r\n250 2.0.0 injected")) { Security = RelaySecurity.StartTls, Server = Secure },
        new("line closed in the handshake of TLS", Handshake, new HangUp()) { Security = RelaySecurity.StartTls, Server = Secure },
        new("garbage in the handshake of TLS", Handshake, new Octets("what is this, and in clear text?\r\n")) { Security = RelaySecurity.Tls, Server = SecureAtOnce, Pauses = "does not speak TLS" },
        new("no handshake of TLS within the time-out", Handshake, new Stall()) { Security = RelaySecurity.Tls, Server = SecureAtOnce, Timeout = Short },
        new("535 at AUTH", Auth, new Reply("535 5.7.8 wrong user or password")) { SignsIn = true, Times = 9, Server = Knowing, Pauses = "wrong user or password" },
        new("454 at AUTH", Auth, new Reply("454 4.7.0 directory away for now")) { SignsIn = true, Server = Knowing },
        new("421 at AUTH", Auth, new ReplyAndHangUp("421 4.3.2 going down")) { SignsIn = true, Server = Knowing },
        new("line closed at AUTH", Auth, new HangUp()) { SignsIn = true, Server = Knowing },
        new("garbage at AUTH", Auth, new ReplyAndHangUp("334 %%% not base64")) { SignsIn = true, Server = Knowing },
        new("no end of questions at AUTH", Auth, new Octets(string.Concat(Enumerable.Repeat("334 VXNlcm5hbWU6\r\n", 50)))) { SignsIn = true, Server = Knowing },
        new("AUTH expired in mid-run, good again on a new line", Sender, new ReplyAndHangUp("530 5.7.0 session expired, AUTH first")) { SignsIn = true, Server = Knowing, When = InMidRun, Times = 1 },
        new("AUTH refused in mid-run", Auth, new Reply("535 5.7.8 password expired")) { SignsIn = true, Server = Knowing, Most = 2, When = InMidRun, Times = 9, Pauses = "password expired" },
    ];

    private static IEnumerable<Fault> Envelope() =>
    [
        new("421 at MAIL", Sender, new ReplyAndHangUp("421 4.3.2 too busy")) { Attempts = "Deferred 421 4.3.2" },
        new("421 at MAIL, the line left open", Sender, new Reply("421 4.3.2 too busy")) { Attempts = "Deferred 421 4.3.2" },
        new("451 at MAIL", Sender, new Reply("451 4.3.0 later")) { Attempts = "Deferred 451 4.3.0" },
        new("452 at MAIL, then the line is closed", Sender, new ReplyAndHangUp("452 4.3.1 out of storage")) { Attempts = "Deferred 452 4.3.1" },
        new("550 at MAIL", Sender, new Reply("550 5.1.8 bad sender")) { Attempts = "Refused 550 5.1.8", Pauses = "bad sender" },
        new("550 at MAIL, then the line is closed", Sender, new ReplyAndHangUp("550 5.1.8 bad sender")) { Attempts = "Refused 550 5.1.8", Pauses = "bad sender" },
        new("line closed at MAIL", Sender, new HangUp()) { Attempts = "Deferred", InOneChunk = "InDoubt" },
        new("line reset at MAIL", Sender, new LoopbackAnswer.Reset()) { Attempts = "Deferred", InOneChunk = "InDoubt" },
        new("no answer to MAIL within the time-out", Sender, new Stall()) { Timeout = Short, Attempts = "Deferred", InOneChunk = "InDoubt" },
        new("answer to MAIL late, within the time-out", Sender, new Wait(Short)),
        new("garbage at MAIL", Sender, new Reply("who are you")) { Attempts = "Deferred", InOneChunk = "InDoubt" },
        new("354 at MAIL", Sender, new Reply("354 go on")) { Attempts = "Deferred", InOneChunk = "InDoubt" },
        new("421 at RCPT", Recipient, new ReplyAndHangUp("421 4.3.2 too busy")) { Attempts = "Deferred 421 4.3.2" },
        new("450 at RCPT: greylisting", Recipient, new Reply("450 4.7.1 greylisted, come back")) { Attempts = "Deferred 450 4.7.1" },
        new("450 at RCPT, then the line is closed", Recipient, new ReplyAndHangUp("450 4.7.1 greylisted, come back")) { Attempts = "Deferred 450 4.7.1" },
        new("452 at RCPT after the first of a line", Recipient, new Reply("452 4.5.3 too many recipients")) { When = moment => moment.Transaction > 1, Times = 99 },
        new("550 at RCPT: no such mailbox", Recipient, new Reply("550 5.1.1 no such user")) { When = OfReader2, Attempts = "Rejected 550 5.1.1", Fails = 1, Suspends = true },
        new("550 at RCPT, then the line is closed", Recipient, new ReplyAndHangUp("550 5.1.1 no such user")) { When = OfReader2, Attempts = "Rejected 550 5.1.1", Fails = 1, Suspends = true },
        new("550 at RCPT: policy", Recipient, new Reply("550 5.7.1 rejected by policy")) { When = OfReader2, Attempts = "Refused 550 5.7.1", Fails = 1 },
        new("554 at RCPT: relay access denied", Recipient, new Reply("554 5.7.1 Relay access denied")) { Attempts = "Refused 554 5.7.1", Pauses = "Relay access denied" },
        new("line closed at RCPT", Recipient, new HangUp()) { Attempts = "Deferred", InOneChunk = "InDoubt" },
        new("no answer to RCPT within the time-out", Recipient, new Stall()) { Timeout = Short, Attempts = "Deferred", InOneChunk = "InDoubt" },
        new("garbage at RCPT", Recipient, new Reply("\x80\x81\0 whom")) { Attempts = "Deferred", InOneChunk = "InDoubt" },
    ];

    private static IEnumerable<Fault> Letters() =>
    [
        new("421 at DATA", Data, new ReplyAndHangUp("421 4.3.2 too busy")) { Attempts = "Deferred 421 4.3.2" },
        new("451 at DATA", Data, new Reply("451 4.3.0 later")) { Attempts = "Deferred 451 4.3.0" },
        new("554 at DATA", Data, new Reply("554 5.6.0 no letters today")) { When = OfReader2, Attempts = "Refused 554 5.6.0", Fails = 1 },
        new("line closed at DATA", Data, new HangUp()) { Attempts = "Deferred", InOneChunk = "InDoubt" },
        new("garbage at DATA", Data, new Reply("yes please")) { Attempts = "Deferred", InOneChunk = "InDoubt" },
        new("line closed inside the body", Body, new HangUp()) { IsBig = true, Attempts = "Deferred" },
        new("line reset inside the body", Body, new LoopbackAnswer.Reset()) { IsBig = true, Attempts = "Deferred" },
        new("421 inside the body, then the line is closed", Body, new ReplyAndHangUp("421 4.3.2 going down")) { IsBig = true, Attempts = "Deferred 421 4.3.2" },
        new("451 inside the body, then the line is closed", Body, new ReplyAndHangUp("451 4.3.0 disk trouble")) { IsBig = true, Attempts = "Deferred 451 4.3.0" },
        new("552 inside the body, then the line is closed", Body, new ReplyAndHangUp("552 5.3.4 letter too big")) { IsBig = true, Attempts = "Refused 552 5.3.4", Pauses = "too big" },
        new("552 inside the body, the rest is read", Body, new Reply("552 5.3.4 letter too big")) { IsBig = true, Attempts = "Refused 552 5.3.4", Pauses = "too big" },
        new("552 inside the body, the rest is not read", Body, new GoDeaf("552 5.3.4 letter too big")) { IsBig = true, Timeout = Short * 2, Attempts = "Refused 552 5.3.4", Pauses = "too big" },
        new("nothing read any more inside the body", Body, new GoDeaf()) { IsBig = true, Timeout = Short * 2, Attempts = "Deferred" },
        new("replies without an end inside the body, nothing read", Body, new Flood("500 5.5.1 what is this")) { IsBig = true, Timeout = Short * 2, Attempts = "Refused 500 5.5.1", Pauses = "what is this" },
        new("421 at the end of the letter", Letter, new ReplyAndHangUp("421 4.3.2 going down")) { Attempts = "Deferred 421 4.3.2" },
        new("451 at the end of the letter", Letter, new Reply("451 4.7.1 try again later")) { Attempts = "Deferred 451 4.7.1" },
        new("452 at the end of the letter", Letter, new Reply("452 4.3.1 out of storage")) { Attempts = "Deferred 452 4.3.1" },
        new("554 at the end of the letter", Letter, new Reply("554 5.7.1 looks like spam")) { When = OfReader2, Attempts = "Refused 554 5.7.1", Fails = 1 },
        new("552 at the end of the letter: too big", Letter, new Reply("552 5.3.4 letter too big")) { Attempts = "Refused 552 5.3.4", Pauses = "too big" },
        new("line closed after the letter, before the reply", Letter, new HangUp()) { Attempts = "InDoubt" },
        new("letter kept, line closed before the reply", Letter, new KeepAndHangUp()) { Attempts = "InDoubt", Repeats = true },
        new("no answer to the letter within the time-out", Letter, new Stall()) { Timeout = Short, Attempts = "InDoubt" },
        new("answer to the letter late, within the time-out", Letter, new Wait(Short)),
        new("garbage at the end of the letter", Letter, new Reply("thanks\0")) { Attempts = "InDoubt" },
        new("354 at the end of the letter", Letter, new Reply("354 go on")) { Attempts = "InDoubt" },
        new("552 at MAIL: too big", Sender, new Reply("552 5.3.4 letter too big")) { Attempts = "Refused 552 5.3.4", Pauses = "too big" },
    ];

    /// <summary>What happens between letters.</summary>
    private static IEnumerable<Fault> Lines() =>
    [
        new("421 for the second letter of every line", Sender, new ReplyAndHangUp("421 4.7.0 one letter a line")) { When = moment => moment.Transaction > 1, Times = 99 },
        new("421 after each letter, unasked", Letter, new ReplyAndHangUp("250 2.0.0 kept\r\n421 4.4.2 good night")) { Times = 99 },
        new("line closed at the second letter of every line", Sender, new HangUp()) { When = moment => moment.Transaction > 1, Times = 99, InOneChunk = "InDoubt" },
        new("250 said twice to a letter", Letter, new Reply("250 2.0.0 kept\r\n250 2.0.0 kept indeed")) { Times = 99 },
        new("RSET refused after a refusal", LoopbackStage.Reset, new Reply("502 5.5.1 what is RSET")) { Before = Greylisting, Attempts = "Deferred 450 4.7.1" },
        new("421 at RSET", LoopbackStage.Reset, new ReplyAndHangUp("421 4.4.2 good night")) { Before = Greylisting, Attempts = "Deferred 450 4.7.1" },
        new("line closed at RSET", LoopbackStage.Reset, new HangUp()) { Before = Greylisting, Attempts = "Deferred 450 4.7.1", InOneChunk = "Deferred 450 4.7.1, InDoubt" },
        new("one line at a time, the others get 421", Greeting, new ReplyAndHangUp("421 4.7.0 too many connections")) { Connections = 4, When = moment => moment.Connection > 1, Until = FirstLetter, Times = 5 },
        new("one line at a time, the others are closed", Greeting, new HangUp()) { Connections = 4, When = moment => moment.Connection > 1, Until = FirstLetter, Times = 5 },
    ];

    /// <summary>What looks odd and is no fault.</summary>
    private static IEnumerable<Fault> Manners() =>
    [
        new("replies octet by octet", Letter, new Wait(TimeSpan.Zero))
            { Server = chunks => new() { TakesChunks = chunks, SpeaksOctetByOctet = true } },
        new("replies octet by octet, over TLS", Letter, new Wait(TimeSpan.Zero))
            { Security = RelaySecurity.StartTls, Server = chunks => new() { TakesChunks = chunks, SpeaksOctetByOctet = true, Tls = LoopbackTls.Offered } },
        new("replies of many lines", Letter, new Wait(TimeSpan.Zero))
            { Server = chunks => new() { TakesChunks = chunks, Phrasing = line => $"{line[..3]}-one\r\n{line[..3]}-\r\n{line[..3]}-2.0.0 two\r\n{line}" } },
        new("replies without words", Letter, new Reply("250")),
    ];

    private static Reply? Greylisting(LoopbackMoment moment) => moment is { Stage: Recipient, Transaction: 2, Connection: 1 } ? new Reply("450 4.7.1 greylisted") : null;

    private static bool FirstLetter(LoopbackMoment moment) => moment is { Stage: Sender, Connection: 1, Transaction: 1 };

    private static bool InMidRun(LoopbackMoment moment) => moment.Kept >= 2;

    private static bool OfReader2(LoopbackMoment moment) => moment.To is "reader2@example.com";

    private static LoopbackSmtp Secure(bool chunks) => new() { TakesChunks = chunks, Tls = LoopbackTls.Offered };

    private static LoopbackSmtp SecureAtOnce(bool chunks) => new() { TakesChunks = chunks, Tls = LoopbackTls.FromTheStart };

    private static LoopbackSmtp Knowing(bool chunks) => new() { TakesChunks = chunks, Credentials = ("news", "secret") };
}
