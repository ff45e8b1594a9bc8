using System.Buffers;
using System.Diagnostics;
using System.Net.Sockets;

namespace Newsletter.Mailroom;

/// <summary>The octets between us and a relay, whoever speaks for us: waits inside the kernel, with a bound for each, and loses no last word.</summary>
/// <remarks>
/// A relay may answer before it has taken all: it refuses a letter in its middle, and closes or reads no more. So a writing waits for the relay to take
/// octets or to speak; what is left goes on its way while its answer is read. A line that takes no more is written to as if it did, and remembers it.
/// It holds the thread: see <see cref="LineThread"/>.
/// </remarks>
internal sealed class RelayStream : Stream
{
    /// <summary>The most that is heard in answer to one writing: a long reply, a certificate with its chain, not the memory's end.</summary>
    private const int MostOctets = 256 * 1024;

    /// <summary>In octets: the records of a letter, or of some.</summary>
    public const int MostGathered = 256 * 1024;

    private const int SendBuffer = 256 * 1024; // a letter at once; the kernel gives what it may

    /// <summary>How soon an end that is asked for is seen.</summary>
    public static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly Socket socket;
    private readonly TimeSpan patience;
    private readonly ArrayBufferWriter<byte> rest = new();
    private readonly ArrayBufferWriter<byte> gathered = new();
    private int gone; // of the rest
    private long written = Stopwatch.GetTimestamp();
    private long asked = Stopwatch.GetTimestamp();
    private TimeSpan hearing;
    private int heard;
    private long left;
    private bool isBroken;
    private bool isSlow;

    /// <param name="socket">Connected; owned from here on.</param>
    /// <param name="patience">How long the taking of what is written, or a wait for octets, may last; answers to one writing at most twice as long in all.</param>
    public RelayStream(Socket socket, TimeSpan patience)
    {
        (this.socket, this.patience, hearing) = (socket, patience, patience * 2);
        (socket.Blocking, socket.SendBufferSize) = (false, SendBuffer);
    }

    /// <summary>Ends a wait for the relay with <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken Stop { get; set; }

    /// <summary>Whether what is written waits for the flush, up to <see cref="MostGathered"/>: TLS hands over a record at a time, and each would wake the relay.</summary>
    public bool Gathers { get; set; }

    /// <summary>Whether something that was written has not left us.</summary>
    public bool HasLost => isBroken || HasRest;

    /// <summary>For how long the relay was waited for so far, to speak or to take octets.</summary>
    public TimeSpan Waited { get; private set; }

    /// <summary>How many octets were written so far.</summary>
    public long Written { get; private set; }

    /// <summary>Whether the relay has closed the line, or spoken unasked.</summary>
    public bool IsOver => HasLost || socket.Poll(0, SelectMode.SelectRead);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    private bool HasRest => gone < rest.WrittenCount;

    /// <summary>Whether the first so many octets of all that were written have left us.</summary>
    public bool HasLeft(long octets) => left >= octets;

    /// <summary>One answer is waited for from here on: it may last for one patience.</summary>
    public void Await() => (asked, heard, hearing) = (Stopwatch.GetTimestamp(), 0, patience);

    /// <summary>Hands over what the line takes. Keeps what is left where the relay speaks meanwhile; it goes with the next reading.</summary>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (Gathers && gathered.WrittenCount + buffer.Length <= MostGathered)
        {
            gathered.Write(buffer);
            return;
        }
        Flush();
        HandOver(buffer);
    }

    private void HandOver(ReadOnlySpan<byte> buffer)
    {
        Written += buffer.Length;
        if (!HasRest)
            written = Stopwatch.GetTimestamp();
        while (buffer.Length > 0 && !HasRest && !isBroken)
        {
            buffer = buffer[Push(buffer)..];
            if (buffer.Length > 0 && !isBroken && !MayGoOn())
                break;
        }
        if (buffer.Length > 0 && !isBroken)
            rest.Write(buffer);
        (asked, heard, hearing) = (Stopwatch.GetTimestamp(), 0, patience * 2);
    }

    /// <summary>Waits for octets; meanwhile what is left of the writing goes its way.</summary>
    /// <exception cref="TimeoutException">They did not come in time, or the relay takes no more of what is written and says nothing.</exception>
    /// <exception cref="IOException">The line broke, or the relay talks without an end.</exception>
    public override int Read(Span<byte> buffer)
    {
        Flush();
        var began = Stopwatch.GetTimestamp();
        while (!IsReadable(began))
        {
        }
        Waited += Stopwatch.GetElapsedTime(began);
        var count = socket.Receive(buffer, SocketFlags.None, out var error);
        if (error is not SocketError.Success)
            throw new IOException(new SocketException((int)error).Message, new SocketException((int)error));
        heard += count;
        return heard <= MostOctets ? count : throw new IOException("the relay talks without an end");
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    // MailKit signs in asynchronously: it waits here as well, and not on a thread of the pool for each connection.
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.FromResult(Read(buffer.AsSpan(offset, count)));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        Flush();
        return Task.CompletedTask;
    }

    /// <summary>Hands over what was gathered. Without that nothing is kept back but what the line did not take.</summary>
    public override void Flush()
    {
        if (gathered.WrittenCount == 0)
            return;
        HandOver(gathered.WrittenSpan);
        gathered.ResetWrittenCount();
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            socket.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Gives the kernel what it takes just now.</summary>
    private int Push(ReadOnlySpan<byte> octets)
    {
        var count = socket.Send(octets, SocketFlags.None, out var error);
        if (error is SocketError.Success)
        {
            left += count;
            return count;
        }
        isBroken = error is not SocketError.WouldBlock;
        return 0;
    }

    private void PushRest()
    {
        gone += Push(rest.WrittenSpan[gone..]);
        if (!HasRest || isBroken)
            Forget();
    }

    /// <summary>The rest is sent or lost; the time of the answer begins.</summary>
    private void Forget()
    {
        (asked, gone) = (Stopwatch.GetTimestamp(), 0);
        rest.ResetWrittenCount();
    }

    /// <summary>Whether the line takes more; false where the relay speaks, or takes nothing for too long.</summary>
    private bool MayGoOn()
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            return TakesMore();
        }
        finally
        {
            Waited += Stopwatch.GetElapsedTime(began);
        }
    }

    private bool TakesMore()
    {
        while (true)
        {
            Stop.ThrowIfCancellationRequested();
            var left = patience - Stopwatch.GetElapsedTime(written);
            if (left <= TimeSpan.Zero)
            {
                isBroken = isSlow = true;
                return false;
            }
            var (speaks, takes) = Select(left);
            if (speaks || takes)
                return takes;
        }
    }

    /// <summary>One wait for octets.</summary>
    private bool IsReadable(long began)
    {
        Stop.ThrowIfCancellationRequested();
        if (HasRest)
            return SpeaksMeanwhile();
        var left = isSlow ? TimeSpan.Zero : Least(hearing - Stopwatch.GetElapsedTime(asked), patience - Stopwatch.GetElapsedTime(Math.Max(began, asked)));
        if (socket.Poll(Slice(left), SelectMode.SelectRead))
            return true;
        return left > TimeSpan.Zero ? false : throw new TimeoutException(isSlow ? "the relay does not take what is sent" : "the relay does not answer");
    }

    /// <summary>One wait, for octets or for room for ours.</summary>
    private bool SpeaksMeanwhile()
    {
        var left = patience - Stopwatch.GetElapsedTime(written);
        var (speaks, takes) = Select(left);
        if (takes)
            PushRest();
        else if (!speaks && left <= TimeSpan.Zero)
        {
            isBroken = isSlow = true;
            Forget();
        }
        return speaks;
    }

    private (bool Speaks, bool Takes) Select(TimeSpan left)
    {
        var (speaks, takes) = (new List<Socket>(1) { socket }, new List<Socket>(1) { socket });
        Socket.Select(speaks, takes, null, Slice(left));
        return (speaks.Count > 0, takes.Count > 0);
    }

    private TimeSpan Slice(TimeSpan left)
    {
        var most = Stop.CanBeCanceled ? Glance : LongestWait;
        return left < TimeSpan.Zero ? TimeSpan.Zero : Least(left, most);
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
