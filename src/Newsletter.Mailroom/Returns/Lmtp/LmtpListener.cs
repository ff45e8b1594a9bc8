using System.Net;
using System.Net.Sockets;

namespace Newsletter.Mailroom;

/// <summary>Listens for a mail server that hands mail over by LMTP: on this machine's own address or a Unix socket, so many lines at a time.</summary>
/// <param name="options">Where.</param>
/// <param name="socketPath">The Unix socket, as an absolute path; null: address and port.</param>
public sealed class LmtpListener(ReturnsMailboxOptions options, string? socketPath)
{
    /// <summary>For people and logs.</summary>
    public string Name => socketPath is null ? options.Name : $"lmtp:{socketPath}";

    /// <summary>Listens until it is told to stop; a message that is being stored is answered first.</summary>
    /// <param name="take">Takes a mail for one recipient; the other side is told that all is well when it has returned, and to come again when it throws.</param>
    /// <param name="listening">Told once the socket is open.</param>
    /// <param name="fault">Told of a line that a fault of ours ended; the others go on.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="MailboxException">One cannot listen there; the message says why and what to do.</exception>
    public async Task RunAsync(Func<ReadOnlyMemory<byte>, string, Task> take, Func<Task> listening, Action<Exception> fault, CancellationToken stop)
    {
        using var socket = await BindAsync(stop);
        var lines = new List<Task>();
        try
        {
            await listening();
            while (true)
            {
                var line = await socket.AcceptAsync(stop);
                lines.RemoveAll(each => each.IsCompleted);
                lines.Add(WatchAsync(lines.Count < options.MaxConnections ? SpeakAsync(line, take, stop) : RefuseAsync(line), fault));
            }
        }
        finally
        {
            socket.Close();
            if (socketPath is not null)
                File.Delete(socketPath);
            await Task.WhenAll(lines);
        }
    }

    private static async Task WatchAsync(Task line, Action<Exception> fault)
    {
        try { await line; }
        catch (Exception e) { fault(e); }
    }

    private async Task SpeakAsync(Socket socket, Func<ReadOnlyMemory<byte>, string, Task> take, CancellationToken stop)
    {
        await Task.Yield();
        await using var line = new NetworkStream(socket, ownsSocket: true);
        if (socketPath is null)
            socket.NoDelay = true; // a reply is a few octets, and the other side waits for it
        await new LmtpSession(line, LmtpBounds.Usual(options.Timeout), new(take)).RunAsync(stop);
    }

    private static async Task RefuseAsync(Socket socket)
    {
        await using var line = new NetworkStream(socket, ownsSocket: true);
        try { await line.WriteAsync("421 4.3.2 too many lines; come again later\r\n"u8.ToArray(), CancellationToken.None); }
        catch (IOException) { /* gone already */ }
    }

    private async Task<Socket> BindAsync(CancellationToken stop)
    {
        var socket = socketPath is null ? new Socket(SocketType.Stream, ProtocolType.Tcp) : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            if (socketPath is not null)
                await RemoveOldAsync(socketPath, stop);
            socket.Bind(socketPath is null ? new IPEndPoint(options.Address!, options.ActualPort) : new UnixDomainSocketEndPoint(socketPath));
            if (socketPath is not null && !OperatingSystem.IsWindows())
                File.SetUnixFileMode(socketPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
            socket.Listen(options.MaxConnections);
            return socket;
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            socket.Dispose();
            throw new MailboxException($"{Name}: one cannot listen there ({e.Message.ReplaceLineEndings(" ")}); see that nobody else does and that this user may, or set another Port or Path in Returns:Mailboxes", e);
        }
    }

    /// <summary>A socket that a killed process left behind is nobody's; one at which somebody answers stays.</summary>
    private static async Task RemoveOldAsync(string path, CancellationToken stop)
    {
        if (!File.Exists(path))
            return;
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), stop);
        }
        catch (SocketException)
        {
            File.Delete(path);
            return;
        }
        throw new IOException("another process listens there");
    }
}
