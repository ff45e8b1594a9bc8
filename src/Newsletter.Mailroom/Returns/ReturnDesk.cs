using System.Text;
using Newsletter.Addresses;
using Newsletter.Classifying;
using Newsletter.Returns;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>What became of one mail that was handed in.</summary>
/// <param name="Id">Its row in the store.</param>
/// <param name="Mail">What it is.</param>
/// <param name="Delivery">The delivery that it proves to be about; null for none.</param>
/// <param name="Handled">What it did; null where it came before and nothing was done again.</param>
public sealed record TakenMail(long Id, ReturnedMail Mail, DeliveryId? Delivery, HandledMail? Handled)
{
    /// <summary>Whether it proves no letter of ours although it speaks of one, or is not understood.</summary>
    public bool IsUnmatched => Delivery is null && Mail is ReturnedMail.Bounce or ReturnedMail.Complaint or ReturnedMail.Unrecognised;
}

/// <summary>Takes in mail that came to our addresses: keeps its bytes, reads it, does what follows. In that order, whatever breaks in between.</summary>
public sealed class ReturnDesk(ReturnedMailStore mails, OurAddresses ours, TimeProvider clock)
{
    /// <summary>Takes in one mail. When this returns, it is stored and its consequence is committed; a second time it changes nothing.</summary>
    /// <param name="raw">As it came.</param>
    /// <param name="source">Whence, for people.</param>
    /// <param name="recipients">The envelope's recipients, where the way in knows them.</param>
    /// <param name="ct">Stops between two steps; a mail that is stored and not handled is handled by <see cref="FinishAsync"/> or when it comes again.</param>
    public async Task<TakenMail> TakeAsync(ReadOnlyMemory<byte> raw, string source, IReadOnlyList<string> recipients, CancellationToken ct)
    {
        var whole = WithRecipients(raw, recipients);
        var kept = await mails.KeepAsync(whole, source, clock.GetUtcNow(), ct);
        return await HandleAsync(kept.Id, whole, ct);
    }

    /// <summary>What an earlier run stored and did not come to handle, the oldest first.</summary>
    public Task<IReadOnlyList<long>> UnfinishedAsync(CancellationToken ct) => mails.UnhandledAsync(ct);

    /// <summary>Handles a mail that is stored; null where there is no such mail.</summary>
    public async Task<TakenMail?> FinishAsync(long id, CancellationToken ct) => await mails.RawAsync(id, ct) is { } raw ? await HandleAsync(id, raw, ct) : null;

    private async Task<TakenMail> HandleAsync(long id, ReadOnlyMemory<byte> raw, CancellationToken ct)
    {
        var traced = TracedMail.Read(raw, ours);
        var handled = await mails.HandleAsync(id, traced, ReceivedReply.Read(raw), history => Consequence.Of(traced, history), clock.GetUtcNow(), ct);
        return new(id, traced.Mail, traced.Delivery, handled);
    }

    /// <summary>The envelope's recipients as a delivery agent writes them down, so that the stored bytes tell all.</summary>
    private static ReadOnlyMemory<byte> WithRecipients(ReadOnlyMemory<byte> raw, IReadOnlyList<string> recipients)
    {
        if (recipients.Count == 0)
            return raw;
        var header = string.Concat(recipients.Select(recipient => $"Delivered-To: {string.Concat(recipient.Where(letter => !char.IsControl(letter)))}\n"));
        return (byte[])[.. Encoding.UTF8.GetBytes(header), .. raw.Span];
    }
}
