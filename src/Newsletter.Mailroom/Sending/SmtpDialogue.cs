using System.Buffers;
using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Text;

namespace Newsletter.Mailroom;

/// <summary>A reply of a relay (RFC 5321 §4.2).</summary>
/// <param name="Code">Three digits.</param>
/// <param name="Words">Its lines without the code, LF between them. From outside.</param>
internal readonly record struct SmtpReply(int Code, string Words)
{
    public bool IsPositive => Code is >= 200 and < 300;
}

/// <summary>Commands out and replies in, over one stream. What is queued goes out together (RFC 2920 §3.1).</summary>
/// <param name="stream">What is spoken over: the line itself, or TLS on it.</param>
/// <param name="line">The line.</param>
internal sealed class SmtpDialogue(Stream stream, RelayStream line) : IDisposable
{
    // A reply line has at most 512 octets (RFC 5321 §4.5.3.1.5); some servers explain themselves at length.
    private const int MostOctets = 64 * 1024;

    private readonly byte[] incoming = new byte[4096];
    private readonly ArrayBufferWriter<byte> outgoing = new(4096);
    private readonly ArrayBufferWriter<byte> spoken = new(128);
    private int next;
    private int end;

    /// <summary>How many octets of the relay were read so far, and taken in.</summary>
    public long Heard { get; private set; }

    /// <summary>Whether the relay has said anything, be it half a line, since so many octets.</summary>
    public bool HasSpokenSince(long heard) => Heard + (end - next) + spoken.WrittenCount > heard;

    /// <summary>Whether something has come in that nobody asked for: what lies unread.</summary>
    public bool HasUnread => next < end;

    /// <summary>Whether what lies unread says that the line is to end, which a relay may say at any time (RFC 5321 §3.8).</summary>
    public bool SaysGoodbye => incoming.AsSpan(next, end - next).StartsWith("421"u8);

    /// <summary>Whether all that was sent has left us. If not, the relay has closed the line, took no more in time, or spoke before it had all.</summary>
    public bool HasSent => !line.HasLost;

    /// <summary>Where the line stands at least behind all that was sent and queued so far, see <see cref="HasLeft"/>: TLS makes it more.</summary>
    public long Place => line.Written + outgoing.WrittenCount;

    /// <summary>Whether all has left us that was sent up to a place.</summary>
    public bool HasLeft(long place) => line.HasLeft(place);

    /// <summary>Adds a command, without its line end, to what goes out next.</summary>
    /// <exception cref="ArgumentException">It is more than one line.</exception>
    public void Queue(string command)
    {
        OneLine(command); // what follows would be a command of somebody else's
        outgoing.Advance(Encoding.UTF8.GetBytes(command, outgoing.GetSpan(Encoding.UTF8.GetMaxByteCount(command.Length))));
        outgoing.Write("\r\n"u8);
    }

    /// <summary>The command, which is one line.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    public static string OneLine(string command) =>
        command.AsSpan().ContainsAny('\r', '\n') ? throw new ArgumentException("a command is one line", nameof(command)) : command;

    /// <summary>Adds octets as they are.</summary>
    public void Queue(ReadOnlySpan<byte> octets) => outgoing.Write(octets);

    /// <summary>Sends what is queued. A line that breaks is no end of the reading: what the relay said last is still to be had.</summary>
    public void Send()
    {
        try
        {
            stream.Write(outgoing.WrittenSpan);
            stream.Flush();
        }
        finally
        {
            outgoing.ResetWrittenCount();
        }
    }

    /// <summary>One command and its reply.</summary>
    public SmtpReply Ask(string command)
    {
        Queue(command);
        Send();
        return Read();
    }

    /// <summary>The next reply, with all its lines. Its time begins when all is sent.</summary>
    /// <exception cref="IOException">The line is closed, or what came is no reply.</exception>
    /// <exception cref="TimeoutException">It did not come in time, or the relay took no more of what we send and said nothing.</exception>
    public SmtpReply Read()
    {
        line.Await();
        try
        {
            return ReadReply();
        }
        catch (IOException e) when (e.InnerException is TimeoutException or OperationCanceledException) // as TLS passes it on
        {
            ExceptionDispatchInfo.Throw(e.InnerException);
            throw;
        }
    }

    public void Dispose() => stream.Dispose();

    private SmtpReply ReadReply()
    {
        var (words, octets) = (default(StringBuilder), 0);
        while (true)
        {
            var said = ReadLine();
            octets += said.Length;
            if (said.Length < 3 || !int.TryParse(said.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code) || code is < 200 or > 599 || octets > MostOctets)
                throw new IOException($"the relay said what is no reply: {(said.Length > 60 ? said[..60] : said)}");
            var text = said.AsSpan(Math.Min(4, said.Length));
            if (said.Length > 3 && said[3] == '-')
            {
                (words ??= new()).Append(text).Append('\n');
                continue;
            }
            return new(code, words is null ? text.ToString() : words.Append(text).ToString());
        }
    }

    private string ReadLine()
    {
        while (true)
        {
            var found = incoming.AsSpan(next, end - next).IndexOf((byte)'\n');
            spoken.Write(incoming.AsSpan(next, found < 0 ? end - next : found));
            next = found < 0 ? end : next + found + 1;
            if (found >= 0)
            {
                Heard += spoken.WrittenCount + 1;
                var line = Encoding.UTF8.GetString(spoken.WrittenSpan).TrimEnd('\r');
                spoken.ResetWrittenCount();
                return line;
            }
            if (spoken.WrittenCount > MostOctets)
                throw new IOException("the relay said a line without an end");
            (next, end) = (0, stream.Read(incoming));
            if (end == 0)
                throw new IOException("the relay closed the line");
        }
    }
}
