using MailKit.Net.Pop3;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>A POP3 mailbox (RFC 1939). It has no folders: mail stays on the server, and the store remembers what was taken, by its UIDL; a setting has it deleted there after a time.</summary>
public sealed class Pop3Mailbox : IMailbox
{
    private readonly ReturnsMailboxOptions options;
    private readonly MailServerDoor door;
    private readonly MailboxStore store;
    private readonly TimeProvider clock;

    internal Pop3Mailbox(ReturnsMailboxOptions options, AccessTokens? tokens, MailboxStore store, TimeProvider clock) =>
        (this.options, door, this.store, this.clock) = (options, new(options, options.Name, tokens), store, clock);

    /// <inheritdoc/>
    public string Name => options.Name;

    /// <summary>Goes nowhere yet: a POP3 session shows what was there when it began, and locks out others, so each reading has one of its own.</summary>
    public Task<IMailboxVisit> OpenAsync(CancellationToken stop) => Task.FromResult<IMailboxVisit>(new Visit(this));

    private async Task ReceiveAsync(Func<ReadOnlyMemory<byte>, Task<Filing?>> take, CancellationToken stop)
    {
        using var client = new Pop3Client();
        await door.OpenAsync(client, stop);
        if (!client.Capabilities.HasFlag(Pop3Capabilities.UIDL))
            throw new MailboxException($"{Name}: the server gives mails no lasting names (UIDL), so nobody could know which are new; read this account by IMAP");
        var uids = await door.GuardAsync(() => client.GetMessageUidsAsync(stop));
        var sizes = await door.GuardAsync(() => client.GetMessageSizesAsync(stop));
        var taken = await store.TakenAsync(Name, stop);
        for (var at = 0; at < Math.Min(uids.Count, sizes.Count); at++)
        {
            stop.ThrowIfCancellationRequested();
            if (!taken.ContainsKey(uids[at]) && await take(await ReadAsync(client, at, sizes[at], stop)) is not null)
                await store.TookAsync(Name, uids[at], clock.GetUtcNow());
        }
        await DeleteOldAsync(client, uids, taken, stop);
        await door.GuardAsync(() => client.DisconnectAsync(quit: true, CancellationToken.None)); // what was deleted is gone with QUIT alone
        await store.ForgetAsync(Name, taken.Keys.Except(uids));
    }

    /// <summary>POP3 has no word for a part of a mail but its header: of one that is too large that is taken, and the rest stays there.</summary>
    private Task<ReadOnlyMemory<byte>> ReadAsync(Pop3Client client, int at, int size, CancellationToken stop) => door.GuardAsync(async () =>
    {
        await using var stream = await client.GetStreamAsync(at, headersOnly: size > CutMail.MostRead, stop);
        return await CutMail.ReadAsync(stream, stop);
    });

    private async Task DeleteOldAsync(Pop3Client client, IList<string> uids, IReadOnlyDictionary<string, DateTimeOffset> taken, CancellationToken stop)
    {
        if (options.DeleteAfter is not { } age)
            return;
        for (var at = 0; at < uids.Count; at++)
            if (taken.TryGetValue(uids[at], out var when) && clock.GetUtcNow() - when >= age)
                await door.GuardAsync(() => client.DeleteMessageAsync(at, stop));
    }

    private sealed class Visit(Pop3Mailbox mailbox) : IMailboxVisit
    {
        public Task ReceiveAsync(Func<ReadOnlyMemory<byte>, Task<Filing?>> take, CancellationToken stop) => mailbox.ReceiveAsync(take, stop);

        public Task WaitAsync(CancellationToken stop) => Task.Delay(mailbox.options.ActualPoll, stop);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
