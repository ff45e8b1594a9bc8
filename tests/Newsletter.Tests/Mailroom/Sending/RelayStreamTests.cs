using System.Net;
using System.Net.Sockets;
using Newsletter.Mailroom;

namespace Newsletter.Tests.Mailroom.Sending;

/// <summary>MailKit signs in over the asynchronous side of the stream: it waits on the line's own thread as well.</summary>
public sealed class RelayStreamTests
{
    private static readonly CancellationToken Stop = CancellationToken.None;

    [Test]
    public async Task Who_reads_or_writes_asynchronously_needs_no_thread_of_the_pool()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(listener.LocalEndpoint, Stop);
        using var relay = await listener.AcceptSocketAsync(Stop);
        await using var stream = new RelayStream(socket, TimeSpan.FromMinutes(1));
        var octets = new byte[8];

        var writing = stream.WriteAsync("QUIT"u8.ToArray(), Stop);
        var isWritten = writing.IsCompleted;
        await writing;
        var flushing = stream.FlushAsync(Stop);
        var isFlushed = flushing.IsCompleted;
        await flushing;
        await relay.SendAsync("221 bye"u8.ToArray(), SocketFlags.None, Stop);
        while (!stream.IsOver)
            await Task.Yield();
        var reading = stream.ReadAsync(octets, Stop);
        var isRead = reading.IsCompleted;
        var count = await reading;

        Assert.That((isWritten, isFlushed, isRead, octets.AsSpan(0, count).SequenceEqual("221 bye"u8)), Is.EqualTo((true, true, true, true)));
    }
}
