using System.Globalization;
using Newsletter.Storage;

namespace Newsletter.Web;

/// <summary>Something to know about a conversation or a mail in it.</summary>
/// <param name="Words">A sentence.</param>
/// <param name="IsAlarm">Whether it warns.</param>
/// <param name="Acts">What can be done about it by one press: the value of <c>act</c> that the conversation's address is posted, and the words on the button.</param>
public sealed record ThreadNotice(string Words, bool IsAlarm, params IReadOnlyList<(string Act, string Label)> Acts);

/// <summary>All notices, a rule each. Who knows more about a mail adds a line here, and the act to <see cref="ThreadActs"/>.</summary>
internal static class ThreadNotices
{
    /// <summary>About the conversation.</summary>
    public static IReadOnlyList<ThreadNotice> Of(InboxThread thread)
    {
        var notices = new List<ThreadNotice>();
        if (thread.Absence is { } absence && thread.IsOfMachines)
            notices.Add(new(string.Create(CultureInfo.InvariantCulture, $"{(absence.IsReturn ? "Back on" : "Away until")} {absence.Day:d MMMM yyyy}."), IsAlarm: false));
        return notices;
    }

    /// <summary>About one mail of it.</summary>
    /// <param name="thread">The conversation.</param>
    /// <param name="reply">The mail.</param>
    /// <param name="isCut">Whether not all of it is shown.</param>
    /// <param name="kept">How much of it is stored; null: all.</param>
    public static IReadOnlyList<ThreadNotice> Of(InboxThread thread, InboxReply reply, bool isCut = false, string? kept = null)
    {
        var notices = new List<ThreadNotice>();
        if (reply.Kind is "unsubscribe")
            notices.Add(OfWish(thread, reply));
        if (reply.SenderProof is "impostor" or "failed")
            notices.Add(new($"Beware: {reply.SenderWords}.", IsAlarm: true));
        else if (reply.SenderWords.Length > 0)
            notices.Add(new($"{char.ToUpperInvariant(reply.SenderWords[0])}{reply.SenderWords[1..]}.", IsAlarm: false));
        if (reply.NotPassedOn.Length > 0)
            notices.Add(new($"Not passed on to the reader, because {reply.NotPassedOn}.", IsAlarm: true));
        if (reply.FiledBy is "subject")
            notices.Add(new("It is in this conversation by its subject and sender alone; nothing proves that it belongs here.", IsAlarm: false));
        if (!reply.IsEvent && reply.BeganBy.Length > 0 && !reply.BeganBy.Equals(reply.Sender, StringComparison.OrdinalIgnoreCase))
            notices.Add(new($"Another address wrote this than began the conversation ({reply.BeganBy}).", IsAlarm: true));
        if (reply.AnswerTo is { } to && !to.Value.Equals(reply.Sender, StringComparison.OrdinalIgnoreCase))
            notices.Add(new($"An answer to this mail goes to {to.Value}, as it asks for.", IsAlarm: false));
        if (kept is not null)
            notices.Add(new($"It was too large to be kept whole: {kept}. The rest of it, files as well, is not here.", IsAlarm: true));
        if (isCut)
            notices.Add(new("It is too long to be shown whole: the end is in the mail as it came.", IsAlarm: false));
        return notices;
    }

    /// <summary>Whom the button takes off is not always who asks: anyone who has the letter, or the conversation's address, can.</summary>
    private static ThreadNotice OfWish(InboxThread thread, InboxReply reply)
    {
        if (thread.Subscriber is null)
            return new("This mail asks to be taken off the list. No subscriber is known who wrote it.", IsAlarm: false);
        var isOfAnother = !reply.Sender.Equals(thread.Address, StringComparison.OrdinalIgnoreCase);
        return new(isOfAnother ? $"This mail asks to be taken off the list, and is not from {thread.Address}, whose conversation this is." : "This mail asks to be taken off the list.", isOfAnother,
            ("unsubscribe", $"Take {thread.Address} off the list"));
    }
}
