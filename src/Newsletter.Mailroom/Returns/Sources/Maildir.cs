namespace Newsletter.Mailroom;

/// <summary>A Maildir folder (cr.yp.to/proto/maildir.html) as mailbox: what lies in <c>new</c> and <c>cur</c> waits; what is done goes to the subfolder of its filing.</summary>
/// <remarks>Subfolders are Maildir++ (<c>.Processed</c>, <c>.Unmatched</c>), so that a Dovecot or Courier on the same folder shows them.</remarks>
/// <param name="path">The folder; made where it is missing.</param>
/// <param name="poll">How often one looks beside the kernel's word; null: every five seconds.</param>
public sealed class Maildir(string path, TimeSpan? poll = null) : IMailbox
{
    /// <inheritdoc/>
    public string Name => path;

    /// <inheritdoc/>
    public Task<IMailboxVisit> OpenAsync(CancellationToken stop)
    {
        Make(path);
        return Task.FromResult<IMailboxVisit>(new MaildirVisit(this, poll ?? TimeSpan.FromSeconds(5)));
    }

    /// <inheritdoc cref="IMailboxVisit.ReceiveAsync"/>
    internal async Task ReadAsync(Func<ReadOnlyMemory<byte>, Task<Filing?>> take, CancellationToken stop)
    {
        Make(path);
        foreach (var file in Waiting())
        {
            stop.ThrowIfCancellationRequested();
            if (await ReadAsync(file, stop) is { } raw && await take(raw) is { } filing)
                File(file, filing);
        }
    }

    /// <summary>Puts a mail into a Maildir the way a delivery agent does: written in <c>tmp</c>, then moved to <c>new</c>.</summary>
    /// <param name="path">The folder; made where it is missing.</param>
    /// <param name="name">Unlike any other's in the folder, without a colon or slash.</param>
    /// <param name="raw">The mail.</param>
    /// <param name="ct">Stops before the move.</param>
    public static async Task DeliverAsync(string path, string name, ReadOnlyMemory<byte> raw, CancellationToken ct)
    {
        Make(path);
        var temporary = Path.Combine(path, "tmp", name);
        await System.IO.File.WriteAllBytesAsync(temporary, raw.ToArray(), ct);
        System.IO.File.Move(temporary, Path.Combine(path, "new", name), overwrite: false);
    }

    /// <summary>The oldest first: names begin with the time of delivery. Those that begin with a dot are no mails.</summary>
    private List<string> Waiting()
    {
        try
        {
            return ((string[])["new", "cur"]).SelectMany(folder => Directory.EnumerateFiles(Path.Combine(path, folder)))
                .Where(file => !Path.GetFileName(file).StartsWith('.')).OrderBy(Path.GetFileName, StringComparer.Ordinal).ToList();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MailboxException($"{path}: the Maildir cannot be read ({e.Message}); give this user the right to read and write it", e);
        }
    }

    /// <summary>Null where another program has moved or renamed it meanwhile: it is met again under its new name.</summary>
    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(string file, CancellationToken stop)
    {
        try
        {
            await using var stream = System.IO.File.OpenRead(file);
            return await CutMail.ReadAsync(stream, stop);
        }
        catch (FileNotFoundException) { return null; }
        catch (UnauthorizedAccessException e) { throw new MailboxException($"{file}: the mail cannot be read; give this user the right to", e); }
    }

    private void File(string file, Filing filing)
    {
        var folder = Path.Combine(path, $".{filing}");
        Make(folder);
        // The flags after the colon are lost on purpose but for S, seen: a person who looks at the folder need not read it again.
        var name = Path.GetFileName(file).Split(':')[0];
        for (var copy = 0; ; copy++)
        {
            var target = Path.Combine(folder, "cur", copy == 0 ? $"{name}:2,S" : $"{name}.{copy}:2,S");
            if (System.IO.File.Exists(target))
                continue;
            try { System.IO.File.Move(file, target, overwrite: false); }
            catch (FileNotFoundException) { /* moved by another program, or by a second run of this one */ }
            catch (UnauthorizedAccessException e) { throw new MailboxException($"{file}: the mail was handled but cannot be moved to {folder}; give this user the right to", e); }
            return;
        }
    }

    private static void Make(string folder)
    {
        try
        {
            foreach (var part in (string[])["tmp", "new", "cur"])
                Directory.CreateDirectory(Path.Combine(folder, part));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MailboxException($"{folder}: the Maildir cannot be made ({e.Message})", e);
        }
    }
}
