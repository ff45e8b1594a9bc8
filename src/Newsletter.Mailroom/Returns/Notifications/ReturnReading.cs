using Newsletter.Addresses;
using Newsletter.Classifying;
using Newsletter.Replies;
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

/// <summary>Reads what is stored, each row in the words in which it was taken in: the row says so, never its bytes. The same row reads alike whenever it is read, by the same rules.</summary>
internal sealed class ReturnReading(ReturnedMailStore mails, OurAddresses ours, IncomingRules rules)
{
    /// <summary>Clocks of two machines differ, and a fast bounce may come before its delivery is written down as sent.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(5);

    public async Task<ReadReturn> ReadAsync(long id, ReadOnlyMemory<byte> raw, CancellationToken ct) =>
        await mails.ToldAsync(id, ct) is { } told ? await OfEventAsync(id, told, raw, ct) : ReadMail.Of(raw, ours, rules);

    private async Task<ReadEvent> OfEventAsync(long id, ToldRow told, ReadOnlyMemory<byte> raw, CancellationToken ct)
    {
        var traced = TracedMail.Read(told.Form, raw, ours);
        if (EventTrace.AddressOf(traced) is { } address && await mails.NewestAsync(address, told.At - EventTrace.Reach, told.At + Slack, ct) is { } delivery)
            traced = traced.To(delivery);
        var words = traced.Mail is ReturnedMail.Unrecognised ? traced.Mail.Evidence : null; // the name of what is not known
        var isShown = traced.Delivery is null && await mails.WasShownAsync(told.Form, traced.Mail.Kind, words, id, told.At - EventTrace.ShownFor, ct);
        return new(traced, EventTrace.Reply(told.Form, traced.Mail.Kind, raw), isShown);
    }
}
