namespace Newsletter.Testing;

/// <summary>Where a conversation with <see cref="LoopbackSmtp"/> stands when a script is asked for the answer.</summary>
public enum LoopbackStage
{
    /// <summary>The client has connected and waits for the greeting.</summary>
    Greeting,
    /// <summary>EHLO or HELO.</summary>
    Hello,
    /// <summary>STARTTLS.</summary>
    StartTls,
    /// <summary>The client begins the handshake of TLS: what is said here stands where the server's part of it should.</summary>
    Handshake,
    /// <summary>AUTH, with right or wrong credentials.</summary>
    Auth,
    /// <summary>MAIL FROM.</summary>
    Sender,
    /// <summary>RCPT TO, once a recipient.</summary>
    Recipient,
    /// <summary>DATA, before the letter.</summary>
    Data,
    /// <summary>The first line of the letter is here, the others are on their way. What is said here stands for the reply at its end.</summary>
    Body,
    /// <summary>The final dot: the letter is here, and not yet kept.</summary>
    Letter,
    /// <summary>RSET.</summary>
    Reset,
}

/// <summary>One moment of a conversation.</summary>
/// <param name="Stage">What the client has just done.</param>
/// <param name="Connection">The connection's number, from 1 in the order of arrival.</param>
/// <param name="Transaction">The number of MAIL commands on this connection so far.</param>
/// <param name="From">The envelope sender, empty for the null sender and before MAIL.</param>
/// <param name="To">The recipient in question; at <see cref="LoopbackStage.Data"/> and <see cref="LoopbackStage.Letter"/> the first accepted one.</param>
/// <param name="Kept">The letters that the server has kept until now, over all connections.</param>
internal sealed record LoopbackMoment(LoopbackStage Stage, int Connection, int Transaction, string From, string To, int Kept);

/// <summary>What a script lets the server do instead of what it would do by itself.</summary>
internal abstract record LoopbackAnswer
{
    private LoopbackAnswer() { }

    /// <summary>Says this line, such as <c>450 4.2.1 try later</c>. At <see cref="LoopbackStage.Letter"/> a 2xx keeps the letter, all else does not.</summary>
    public sealed record Reply(string Line) : LoopbackAnswer;

    /// <summary>Says this line and closes the connection, as a server does with 421.</summary>
    public sealed record ReplyAndHangUp(string Line) : LoopbackAnswer;

    /// <summary>Closes the connection without a word; a letter just received is not kept.</summary>
    public sealed record HangUp : LoopbackAnswer;

    /// <summary>Keeps the letter and closes the connection before the reply: the client is left in doubt.</summary>
    public sealed record KeepAndHangUp : LoopbackAnswer;

    /// <summary>Closes the connection the hard way, as a firewall or a crash does (RST): what was sent and not yet read is lost.</summary>
    public sealed record Reset : LoopbackAnswer;

    /// <summary>Says nothing and holds the line until the client or the test ends it.</summary>
    public sealed record Stall : LoopbackAnswer;

    /// <summary>Says this line, if any, and from then on reads nothing more, the line open until the test ends.</summary>
    public sealed record GoDeaf(string Line = "") : LoopbackAnswer;

    /// <summary>Says this line again and again, as long as somebody takes it, and reads nothing meanwhile.</summary>
    public sealed record Flood(string Line) : LoopbackAnswer;

    /// <summary>Answers as usual, but late.</summary>
    public sealed record Wait(TimeSpan Time) : LoopbackAnswer;

    /// <summary>Answers as usual, once this is over.</summary>
    public sealed record WaitFor(Task What) : LoopbackAnswer;

    /// <summary>Says these octets (Latin-1), no line end added. Nothing is accepted by them.</summary>
    public sealed record Octets(string Text) : LoopbackAnswer;
}

/// <summary>A letter that the server has accepted.</summary>
/// <param name="Connection">The number of the connection it came over.</param>
/// <param name="From">The envelope sender, empty for the null sender.</param>
/// <param name="SenderParameters">What stood behind the sender, such as <c>SIZE=5120 BODY=8BITMIME RET=HDRS</c>.</param>
/// <param name="To">The accepted recipients.</param>
/// <param name="MessageId">The Message-ID without its angle brackets, empty when there was none.</param>
/// <param name="Size">Octets, line ends as CRLF, dots unstuffed.</param>
/// <param name="Bytes">The letter, or empty when the server does not keep bytes.</param>
internal sealed record ReceivedLetter(
    int Connection, string From, string SenderParameters, IReadOnlyList<string> To, string MessageId, long Size, ReadOnlyMemory<byte> Bytes);
