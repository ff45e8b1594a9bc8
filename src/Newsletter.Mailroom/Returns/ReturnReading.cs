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
    /// <summary>What becomes of it, if it came to the address at which the editor answers a reader; null: it did not.</summary>
    public Consequence? Onward { get; init; }

    /// <summary>What has to follow.</summary>
    /// <param name="reader">The subscriber's address; null where no delivery is proven.</param>
    public Consequence Decide(EmailAddress? reader) => Onward ?? Of(reader);

    /// <inheritdoc cref="Decide"/>
    protected virtual Consequence Of(EmailAddress? reader) => Consequence.Of(Traced, reader);
}

/// <summary>An event that a provider told.</summary>
/// <param name="Traced">What it is, and about which delivery.</param>
/// <param name="Reply">What the editor reads, where it is shown.</param>
/// <param name="IsShownAlready">Whether the inbox has another of its kind that stands for it.</param>
internal sealed record ReadEvent(TracedMail Traced, ReceivedReply Reply, bool IsShownAlready) : ReadReturn(Traced, Reply)
{
    /// <summary>As for a mail, but that no person wrote it: it is not handed on, and one of its kind is enough to look at. And it names whom it means.</summary>
    protected override Consequence Of(EmailAddress? reader) => base.Of(reader) switch
    {
        Consequence.ShowEditor => IsShownAlready ? new Consequence.Nothing("one of its kind, of the last day, is in the inbox") : new Consequence.ShowEditor(Forward: false),
        Consequence.Nothing nothing => nothing,
        _ when reader is not null && EventTrace.IsAboutAnother(Traced, reader) => new Consequence.Nothing("the provider names another address than the letter went to"),
        var follows => follows,
    };
}

/// <summary>Reads what is stored, each row in the words in which it was taken in: the row says so, never its bytes. The same row reads alike whenever it is read, by the same rules.</summary>
internal sealed class ReturnReading(ReturnedMailStore mails, OurAddresses ours, EditorAddresses? editor, IncomingRules rules)
{
    /// <summary>Clocks of two machines differ, and a fast bounce may come before its delivery is written down as sent.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(5);

    public async Task<ReadReturn> ReadAsync(long id, ReadOnlyMemory<byte> raw, CancellationToken ct)
    {
        ReadReturn read = await mails.ToldAsync(id, ct) is { } told ? await OfEventAsync(id, told, raw, ct) : ReadMail.Of(raw, ours, rules);
        return editor is null ? read : read with { Onward = EditorsAnswer.Of(read.Traced, read.Reply, ours, editor.All) };
    }

    private async Task<ReadEvent> OfEventAsync(long id, ToldRow told, ReadOnlyMemory<byte> raw, CancellationToken ct)
    {
        var traced = TracedMail.Read(told.Form, raw, ours);
        if (EventTrace.AddressOf(traced, ours) is { } address)
            traced = await AboutNewestAsync(traced, address, told.At, ct);
        var words = traced.Mail is ReturnedMail.Unrecognised ? traced.Mail.Evidence : null; // the name of what is not known
        var isShown = traced is { Delivery: null, Probe: null } && await mails.WasShownAsync(told.Form, traced.Mail.Kind, words, id, told.At - EventTrace.ShownFor, ct);
        return new(traced, EventTrace.Reply(told.Form, traced.Mail.Kind, raw), isShown);
    }

    /// <summary>A bounce may be the probe's, and must not be counted with the letter before it: the probe would seem to have arrived. Who complains or leaves does so of any letter.</summary>
    private async Task<TracedMail> AboutNewestAsync(TracedMail traced, EmailAddress address, DateTimeOffset at, CancellationToken ct)
    {
        var (since, until) = (at - EventTrace.Reach, at + Slack);
        if (traced.Mail is ReturnedMail.Bounce && await mails.NewestProbeAsync(address, since, until, ct) is { } probe)
            return traced.To(probe);
        return await mails.NewestAsync(address, since, until, ct) is { } delivery ? traced.To(delivery) : traced;
    }
}
