namespace Newsletter.Acceptance.Tests.Servers;

/// <summary>A private OpenSMTPD as relay.</summary>
internal sealed class OpenSmtpd : IMailRelay
{
    private const string Package = "opensmtpd";
    private ServerProcess? server;

    private OpenSmtpd()
    {
    }

    public static string? Missing => UnpackedServer.Missing(Package, "smtpd");

    public int Port { get; } = Machine.FreePort();

    public IReadOnlyCollection<string> Log => server?.Output ?? [];

    public static async Task<OpenSmtpd> StartAsync(MailRoutes routes)
    {
        var folder = Directory.CreateTempSubdirectory("os-").FullName;
        await Machine.RunAsync("chmod", "0711", folder);
        foreach (var name in (string[])["spool", "lib/opensmtpd/empty", "run"])
            Directory.CreateDirectory(Path.Combine(folder, name));
        await UnpackedServer.AddUsersAsync(folder, ("opensmtpd", 30_301), ("opensmtpq", 30_302));
        await File.WriteAllTextAsync(Path.Combine(folder, "resolv.conf"), $"nameserver {routes.NameServer}\n");
        var opensmtpd = new OpenSmtpd();
        await File.WriteAllTextAsync(Path.Combine(folder, "smtpd.conf"), opensmtpd.Configuration(routes));
        // Its folders are compiled in.
        opensmtpd.server = await ServerProcess.StartAsync(folder, "offline scanning done", "TERM", UnpackedServer.Command(
            [
                $"{folder}/passwd:/etc/passwd", $"{folder}/group:/etc/group", $"{folder}/resolv.conf:/etc/resolv.conf",
                $"{folder}/spool:/var/spool", $"{folder}/lib:/var/lib", $"{folder}/run:/run",
            ],
            UnpackedServer.Program(Package, "smtpd"), "-d", "-v", "-f", Path.Combine(folder, "smtpd.conf")));
        return opensmtpd;
    }

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private string Configuration(MailRoutes routes) => $$"""
        bounce warn-interval 1s, 1h
        smtp max-message-size 30M
        listen on 127.0.0.1 port {{Port}} hostname opensmtpd.test
        action "near" relay host lmtp://127.0.0.1:{{routes.LmtpPort}}
        action "far" relay host smtp://127.0.0.1:{{routes.FarPort}}
        action "out" relay
        match from any for domain { {{Quoted(MailRoutes.Near)}} } action "near"
        match from any for domain { {{Quoted(MailRoutes.Far)}} } action "far"
        match from any for any action "out"

        """;

    private static string Quoted(IEnumerable<string> domains) => string.Join(", ", domains.Select(domain => $"\"{domain}\""));
}
