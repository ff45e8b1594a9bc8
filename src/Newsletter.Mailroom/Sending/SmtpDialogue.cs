using System.Buffers;
using System.Globalization;
using System.Text;

namespace Newsletter.Mailroom;

/// <summary>A reply of a relay (RFC 5321 §4.2).</summary>
/// <param name="Code">Three digits.</param>
/// <param name="Words">Its lines without the code, LF between them. From outside.</param>
internal readonly record struct SmtpReply(int Code, string Words)
{
    public bool IsPositive => Code is >= 200 and < 400;
}

/// <summary>Commands out and replies in, over one stream. What is queued goes out together (RFC 2920 §3.1).</summary>
/// <param name="stream">The line; clear or encrypted.</param>
/// <param name="patience">How long one reply, or the taking of what we write, may last.</param>
internal sealed class SmtpDialogue(Stream stream, TimeSpan patience) : IAsyncDisposable
{
    // A reply line has at most 512 octets (RFC 5321 §4.5.3.1.5); some servers explain themselves at length.
    private const int MostOctets = 64 * 1024;

    private readonly byte[] incoming = new byte[4096];
    private readonly ArrayBufferWriter<byte> outgoing = new(4096);
    private CancellationTokenSource clock = new();
    private int next;
    private int end;

    /// <summary>Whether something has come in that nobody asked for, or the far end has closed: what lies unread.</summary>
    public bool HasUnread => next < end;

    /// <summary>Adds a command, without its line end, to what goes out next.</summary>
    public void Queue(string command)
    {
        outgoing.Advance(Encoding.UTF8.GetBytes(command, outgoing.GetSpan(Encoding.UTF8.GetMaxByteCount(command.Length))));
        outgoing.Write("\r\n"u8);
    }

    /// <summary>Adds octets as they are.</summary>
    public void Queue(ReadOnlySpan<byte> octets) => outgoing.Write(octets);

    /// <summary>Sends what is queued.</summary>
    /// <exception cref="IOException">The line is lost; the last octets have not left us.</exception>
    /// <exception cref="TimeoutException">The relay did not take them in time.</exception>
    public async Task FlushAsync(CancellationToken stop)
    {
        using var waiting = Begin(stop);
        try
        {
            await stream.WriteAsync(outgoing.WrittenMemory, clock.Token);
            await stream.FlushAsync(clock.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new TimeoutException("the relay does not take what is sent");
        }
        finally
        {
            outgoing.ResetWrittenCount();
        }
    }

    /// <summary>One command and its reply.</summary>
    public async Task<SmtpReply> AskAsync(string command, CancellationToken stop)
    {
        Queue(command);
        await FlushAsync(stop);
        return await ReadAsync(stop);
    }

    /// <summary>The next reply, with all its lines.</summary>
    /// <exception cref="IOException">The line is closed, or what came is no reply.</exception>
    /// <exception cref="TimeoutException">It did not come in time.</exception>
    public async Task<SmtpReply> ReadAsync(CancellationToken stop)
    {
        using var waiting = Begin(stop);
        try
        {
            var (words, octets) = (new StringBuilder(), 0);
            while (true)
            {
                var line = await ReadLineAsync();
                octets += line.Length;
                if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code) || code is < 200 or > 599 || octets > MostOctets)
                    throw new IOException($"the relay said what is no reply: {(line.Length > 60 ? line[..60] : line)}");
                words.Append(words.Length > 0 ? "\n" : "").Append(line.AsSpan(Math.Min(4, line.Length)));
                if (line.Length == 3 || line[3] != '-')
                    return new(code, words.ToString());
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new TimeoutException("the relay does not answer");
        }
    }

    public async ValueTask DisposeAsync()
    {
        clock.Dispose();
        await stream.DisposeAsync();
    }

    private async Task<string> ReadLineAsync()
    {
        var line = new ArrayBufferWriter<byte>(128);
        while (true)
        {
            var found = incoming.AsSpan(next, end - next).IndexOf((byte)'\n');
            line.Write(incoming.AsSpan(next, found < 0 ? end - next : found));
            next = found < 0 ? end : next + found + 1;
            if (found >= 0)
                return Encoding.UTF8.GetString(line.WrittenSpan).TrimEnd('\r');
            if (line.WrittenCount > MostOctets)
                throw new IOException("the relay said a line without an end");
            (next, end) = (0, await stream.ReadAsync(incoming, clock.Token));
            if (end == 0)
                throw new IOException("the relay closed the line");
        }
    }

    // One clock for all waits: it is set again where it has not run out.
    private CancellationTokenRegistration Begin(CancellationToken stop)
    {
        if (!clock.TryReset())
        {
            clock.Dispose();
            clock = new();
        }
        clock.CancelAfter(patience);
        return stop.Register(static running => ((CancellationTokenSource)running!).Cancel(), clock);
    }
}
