namespace Newsletter.Acceptance.Tests.Servers;

/// <summary>A private Exim as relay.</summary>
internal sealed class Exim : IMailRelay
{
    private const string Package = "exim4-daemon-light";
    private readonly string folder;
    private ServerProcess? server;

    private Exim(string folder) => this.folder = folder;

    public static string? Missing => UnpackedServer.Missing(Package, "exim4");

    public int Port { get; } = Machine.FreePort();

    public IReadOnlyCollection<string> Log => server?.Output ?? [];

    public static async Task<Exim> StartAsync(MailRoutes routes)
    {
        var folder = Directory.CreateTempSubdirectory("ex-").FullName;
        await Machine.RunAsync("chmod", "0711", folder);
        foreach (var name in (string[])["spool", "log"])
            Directory.CreateDirectory(Path.Combine(folder, name));
        await UnpackedServer.AddUsersAsync(folder, ("Debian-exim", 30_201));
        await Machine.RunAsync("chown", "30201:30201", Path.Combine(folder, "spool"), Path.Combine(folder, "log"));
        await File.WriteAllTextAsync(Path.Combine(folder, "resolv.conf"), $"nameserver {routes.NameServer}\n");
        var exim = new Exim(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "exim.conf"), exim.Configuration(routes));
        // It logs to files alone; tail ends with it.
        const string Script = """
            folder=$0 exim=$1
            tail --pid=$$ -n +1 -F "$folder/log/main" 2> "$folder/tail.log" &
            exec "$exim" -C "$folder/exim.conf" -bdf -q1s
            """;
        exim.server = await ServerProcess.StartAsync(folder, "daemon started", "TERM", UnpackedServer.Command(
            [$"{folder}/passwd:/etc/passwd", $"{folder}/group:/etc/group", $"{folder}/resolv.conf:/etc/resolv.conf"],
            "sh", "-c", Script, folder, UnpackedServer.Program(Package, "exim4")));
        return exim;
    }

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;

    // The routers of Debian's configuration for a host on the internet, with the routes of the tests before them.
    private string Configuration(MailRoutes routes) => $$"""
        primary_hostname = exim.test
        exim_path = {{UnpackedServer.Program(Package, "exim4")}}
        spool_directory = {{folder}}/spool
        log_file_path = {{folder}}/log/%s
        pid_file_path = {{folder}}/exim.pid
        local_interfaces = 127.0.0.1
        daemon_smtp_ports = {{Port}}
        host_lookup =
        rfc1413_query_timeout = 0s
        disable_ipv6 = true
        keep_environment =
        tls_advertise_hosts =
        domainlist local_domains =
        acl_smtp_rcpt = accept
        acl_smtp_data = accept
        delay_warning = 1s:1h
        delay_warning_condition = yes

        begin routers
        near:
          driver = manualroute
          domains = {{string.Join(" : ", MailRoutes.Near)}}
          transport = mailboxes
          route_list = * 127.0.0.1
          self = send
          no_more
        far:
          driver = manualroute
          domains = {{string.Join(" : ", MailRoutes.Far)}}
          transport = far
          route_list = * 127.0.0.1
          self = send
          no_more
        dnslookup:
          driver = dnslookup
          domains = ! +local_domains
          transport = far
          same_domain_copy_routing = yes
          no_more

        begin transports
        mailboxes:
          driver = smtp
          protocol = lmtp
          port = {{routes.LmtpPort}}
          allow_localhost
        far:
          driver = smtp
          port = {{routes.FarPort}}
          allow_localhost
          hosts_try_fastopen =

        begin retry
        * * F,1h,2s

        """;
}
