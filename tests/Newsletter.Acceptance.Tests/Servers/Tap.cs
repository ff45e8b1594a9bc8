using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Newsletter.Acceptance.Tests.Servers;

/// <summary>Stands between a client and a server on loopback, changes nothing, and keeps what the client says.</summary>
internal sealed class Tap : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource end = new();
    private readonly StringBuilder said = new();
    private readonly Task listening;
    private readonly int server;

    public Tap(int server)
    {
        this.server = server;
        listener.Start();
        listening = ListenAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>How often clients have said something.</summary>
    public int Count(string words)
    {
        lock (said)
            return said.ToString().Split(words).Length - 1;
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await listening;
        listener.Dispose();
        end.Dispose();
    }

    private async Task ListenAsync()
    {
        var lines = new List<Task>();
        try
        {
            while (true)
                lines.Add(CarryAsync(await listener.AcceptTcpClientAsync(end.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(lines);
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient();
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, server, end.Token);
            await Task.WhenAny(HearAsync(near.GetStream(), far.GetStream()), far.GetStream().CopyToAsync(near.GetStream(), end.Token));
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException) { /* one of them is gone */ }
    }

    private async Task HearAsync(NetworkStream from, NetworkStream to)
    {
        var piece = new byte[4096];
        while (await from.ReadAsync(piece, end.Token) is var count and > 0)
        {
            lock (said)
                said.Append(Encoding.Latin1.GetString(piece, 0, count));
            await to.WriteAsync(piece.AsMemory(0, count), end.Token);
        }
    }
}
