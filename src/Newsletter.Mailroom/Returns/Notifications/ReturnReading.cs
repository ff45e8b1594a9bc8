using Newsletter.Addresses;
using Newsletter.Classifying;
using Newsletter.Returns;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>What a stored row was read as.</summary>
/// <param name="Traced">What it is, and about which delivery.</param>
/// <param name="Reply">What the editor reads, where it is shown.</param>
internal record ReadReturn(TracedMail Traced, ReceivedReply Reply)
{
    /// <summary>What has to follow.</summary>
    /// <param name="reader">The subscriber's address; null where no delivery is proven.</param>
    public virtual Consequence Of(EmailAddress? reader) => Consequence.Of(Traced, reader);
}

/// <summary>An event that a provider told.</summary>
/// <param name="Traced">What it is, and about which delivery.</param>
/// <param name="Reply">What the editor reads, where it is shown.</param>
/// <param name="IsShownAlready">Whether the inbox has another of its kind that stands for it.</param>
internal sealed record ReadEvent(TracedMail Traced, ReceivedReply Reply, bool IsShownAlready) : ReadReturn(Traced, Reply)
{
    /// <summary>As for a mail, but that no person wrote it: it is not handed on, and one of its kind is enough to look at.</summary>
    public override Consequence Of(EmailAddress? reader) => base.Of(reader) is not Consequence.ShowEditor ? base.Of(reader)
        : IsShownAlready ? new Consequence.Nothing("one of its kind, of the last day, is in the inbox") : new Consequence.ShowEditor(Forward: false);
}

/// <summary>Reads what is stored, each row in the words in which it was taken in: the row says so, never its bytes.</summary>
internal sealed class ReturnReading(ReturnedMailStore mails, OurAddresses ours, TimeProvider clock)
{
    public async Task<ReadReturn> ReadAsync(long id, ReadOnlyMemory<byte> raw, CancellationToken ct) =>
        await mails.FormAsync(id, ct) is { } form ? await OfEventAsync(form, raw, ct) : new(TracedMail.Read(raw, ours), ReceivedReply.Read(raw));

    private async Task<ReadReturn> OfEventAsync(NotificationForm form, ReadOnlyMemory<byte> raw, CancellationToken ct)
    {
        var (traced, now) = (TracedMail.Read(form, raw, ours), clock.GetUtcNow());
        if (EventTrace.AddressOf(traced) is { } address && await mails.NewestAsync(address, now - EventTrace.Reach, ct) is { } delivery)
            traced = traced.To(delivery);
        var words = traced.Mail is ReturnedMail.Unrecognised ? traced.Mail.Evidence : null; // the name of what is not known
        var isShown = traced.Delivery is null && await mails.WasShownAsync(form, traced.Mail.Kind, words, now - EventTrace.ShownFor, ct);
        return new ReadEvent(traced, EventTrace.Reply(form, traced.Mail.Kind, raw), isShown);
    }
}
