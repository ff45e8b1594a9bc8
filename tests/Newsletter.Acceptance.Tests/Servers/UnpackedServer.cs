namespace Newsletter.Acceptance.Tests.Servers;

/// <summary>A mail server whose package <c>tests/install</c> only unpacked: for dpkg a machine has one mail server, and that is Postfix.</summary>
/// <remarks>
/// It runs in a mount namespace of its own (unshare(1)), in which it finds the users that its package would have made, and its fixed folders, in the test's
/// folder; the machine sees none of it.
/// </remarks>
internal static class UnpackedServer
{
    private const string Root = "/var/cache/newsletter-tests"; // tests/install has the same

    public static string Program(string package, string program) => Path.Combine(Root, package, "usr", "sbin", program);

    /// <summary>Why it cannot run here; null where it can.</summary>
    public static string? Missing(string package, string program) =>
        !File.Exists(Program(package, program)) ? $"{package} is not unpacked (tests/install)"
        : !Machine.IsRoot ? $"{program} starts as root only"
        : !MayMount.Value ? "no mount namespace may be made here (unshare -m)"
        : null;

    /// <summary>Copies of the machine's users and groups with some more, as <c>passwd</c> and <c>group</c> in a folder.</summary>
    public static async Task AddUsersAsync(string folder, params (string Name, int Id)[] users)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "passwd"),
            await File.ReadAllTextAsync("/etc/passwd") + string.Concat(users.Select(user => $"{user.Name}:x:{user.Id}:{user.Id}::/nonexistent:/usr/sbin/nologin\n")));
        await File.WriteAllTextAsync(Path.Combine(folder, "group"),
            await File.ReadAllTextAsync("/etc/group") + string.Concat(users.Select(user => $"{user.Name}:x:{user.Id}:\n")));
    }

    /// <summary>The command, started where files and folders of the test lie over those of the machine.</summary>
    /// <param name="mounts">What is laid where, as <c>/tmp/x/passwd:/etc/passwd</c>.</param>
    /// <param name="command">It takes the place of the shell, so a signal reaches it.</param>
    public static string[] Command(IReadOnlyList<string> mounts, params string[] command)
    {
        const string Script = """
            count=$0
            while [ "$count" -gt 0 ]; do mount --bind "${1%%:*}" "${1#*:}" || exit; shift; count=$((count - 1)); done
            exec "$@"
            """;
        return ["unshare", "-m", "--propagation", "private", "sh", "-c", Script, $"{mounts.Count}", .. mounts, .. command];
    }

    private static readonly Lazy<bool> MayMount = new(() =>
    {
        try { return Machine.RunAsync("unshare", "-m", "true").Wait(TimeSpan.FromSeconds(20)); }
        catch (AggregateException) { return false; }
    });
}
