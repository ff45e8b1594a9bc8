namespace Newsletter.Acceptance.Tests.Servers;

/// <summary>Mail servers of every make between us and the readers, on loopback: Postfix, Exim and OpenSMTPD as relays, Dovecot with the mailboxes, a Postfix far away.</summary>
/// <remarks>Each relay takes every letter and writes the bounce itself. What comes back to <c>returns.test</c> lies in one mailbox, whatever stands before the @.</remarks>
internal sealed class BouncingServers : IAsyncDisposable
{
    private readonly Dictionary<string, IMailRelay> relays = [];
    private readonly List<IAsyncDisposable> started = [];
    private Dovecot? dovecot;

    /// <summary>Why nothing of it can run here; null where Postfix and Dovecot can.</summary>
    public static string? Missing => Postfix.Missing ?? Dovecot.Missing;

    /// <summary>Why the bounces of one cannot be had here; null where they can.</summary>
    public static string? MissingOf(string relay) => Missing ?? relay switch
    {
        "Exim" => Exim.Missing,
        "OpenSMTPD" => OpenSmtpd.Missing,
        "Dovecot" => Dovecot.MissingSieve,
        _ => null,
    };

    public int ImapPort => dovecot!.ImapPort;

    /// <summary>The last words of each server, for the message of a test that fails.</summary>
    public IReadOnlyDictionary<string, string> Logs =>
        relays.Select(relay => (relay.Key, relay.Value.Log)).Append(("Dovecot", dovecot!.Log)).ToDictionary(server => server.Item1, server => string.Join('\n', server.Item2.TakeLast(100)));

    /// <summary>Starts what can run here.</summary>
    public static async Task<BouncingServers> StartAsync()
    {
        var servers = new BouncingServers();
        try
        {
            await servers.OpenAsync();
            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    /// <summary>Where a relay of this name takes letters.</summary>
    public int PortOf(string relay) => relays[relay == "Dovecot" ? "Postfix" : relay].Port;

    /// <summary>Gives a reader a mailbox.</summary>
    public void AddUser(string address, bool isFull = false) => dovecot!.AddUser(address, MailServers.Password, isFull);

    /// <inheritdoc cref="Dovecot.AddSieveAsync"/>
    public Task AddSieveAsync(string address, string script) => dovecot!.AddSieveAsync(address, script);

    /// <summary>The Maildir of all that comes back.</summary>
    public string Returns => dovecot!.MaildirOf(MailServers.Bounces);

    public async ValueTask DisposeAsync()
    {
        foreach (var server in Enumerable.Reverse(started))
            await server.DisposeAsync();
    }

    private async Task OpenAsync()
    {
        var port = Machine.FreePort();
        dovecot = Keep(await Dovecot.StartAsync(MailServers.ReturnsDomain, MailServers.Bounces, port));
        AddUser(MailServers.Bounces);
        var routes = new MailRoutes(dovecot.LmtpPort, Keep(await Postfix.StartFarAsync()).Port, Keep(NameServer.Start()).Address);
        relays["Postfix"] = Keep(await Postfix.StartRelayAsync(routes, port));
        if (Exim.Missing is null)
            relays["Exim"] = Keep(await Exim.StartAsync(routes));
        if (OpenSmtpd.Missing is null)
            relays["OpenSMTPD"] = Keep(await OpenSmtpd.StartAsync(routes));
    }

    private TServer Keep<TServer>(TServer server) where TServer : IAsyncDisposable
    {
        started.Add(server);
        return server;
    }
}
