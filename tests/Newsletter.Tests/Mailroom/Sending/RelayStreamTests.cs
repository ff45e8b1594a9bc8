using System.Net;
using System.Net.Sockets;
using Newsletter.Mailroom;

namespace Newsletter.Tests.Mailroom.Sending;

/// <summary>MailKit signs in over the asynchronous side of the stream: it waits on the line's own thread as well.</summary>
public sealed class RelayStreamTests
{
    private static readonly CancellationToken Stop = CancellationToken.None;

    [Test]
    public async Task What_is_gathered_leaves_at_the_flush_or_when_it_is_too_much_and_always_in_its_order()
    {
        var (stream, relay) = await ConnectedAsync();
        using var there = relay;
        await using var here = stream;
        stream.Gathers = true;
        var (much, sent) = (new byte[RelayStream.MostGathered + 1], new MemoryStream());
        Random.Shared.NextBytes(much);

        stream.Write("EHLO"u8);
        var kept = (stream.Written, relay.Available);
        stream.Write("\r\n"u8);
        stream.Flush();
        var flushed = stream.Written;
        stream.Write("A"u8);
        stream.Write(much);
        stream.Write("B"u8);
        var reading = Task.Run(() =>
        {
            for (var octets = new byte[100_000]; sent.Length < much.Length + 8;)
                sent.Write(octets, 0, relay.Receive(octets));
            relay.Send("250 OK\r\n"u8);
        }, Stop);
        var count = stream.Read(new byte[100]); // what is still kept goes before an answer is waited for
        await reading;

        Assert.That((kept, flushed, count), Is.EqualTo(((0L, 0), 6L, 8)));
        Assert.That(sent.ToArray(), Is.EqualTo((byte[])[.. "EHLO\r\nA"u8, .. much, (byte)'B']));
    }

    [Test]
    public async Task Who_reads_or_writes_asynchronously_needs_no_thread_of_the_pool()
    {
        var (stream, there) = await ConnectedAsync();
        using var relay = there;
        await using var here = stream;
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

    private static async Task<(RelayStream, Socket)> ConnectedAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(listener.LocalEndpoint, Stop);
        return (new RelayStream(socket, TimeSpan.FromMinutes(1)), await listener.AcceptSocketAsync(Stop));
    }
}
