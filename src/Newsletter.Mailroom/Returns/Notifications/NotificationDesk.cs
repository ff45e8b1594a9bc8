using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Newsletter.Classifying;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>What a request is answered with.</summary>
public enum NotificationAnswer
{
    /// <summary>It is stored and committed, or was before; or it told nothing that is kept.</summary>
    Taken,
    /// <summary>It brought no proof.</summary>
    Unproven,
    /// <summary>It brought a proof that does not hold, or that was used.</summary>
    Refused,
    /// <summary>It comes from whom it should, and is no JSON, or has too many events.</summary>
    Unreadable,
    /// <summary>It cannot be told now whether the proof holds: to be sent again.</summary>
    Later,
}

/// <summary>Takes in what providers tell over HTTP: whoever cannot prove to be one of them has nothing stored, and nothing acted on.</summary>
public sealed partial class NotificationDesk(NotificationStore store, NotificationShift shift, RefusedNotifications refused, TimeProvider clock, ILogger<NotificationDesk> log)
{
    /// <summary>Takes in one request. When this says that it is taken, its events are committed; they are handled right after.</summary>
    /// <param name="source">Where it came to.</param>
    /// <param name="posted">What came.</param>
    /// <param name="ct">Stops before the commit.</param>
    public async Task<NotificationAnswer> TakeAsync(NotificationSource source, PostedNotification posted, CancellationToken ct)
    {
        switch (await source.Proof.CheckAsync(posted, clock.GetUtcNow(), ct))
        {
            case Proof.Holds proof:
                return await KeepAsync(source, posted, proof, ct);
            case Proof.Settled settled:
                LogSettled(source.Name, settled.What);
                return NotificationAnswer.Taken;
            case var other:
                return Refuse(source, other);
        }
    }

    /// <summary>Looks at the headers of a request whose body has not come yet; null where it is worth waiting for.</summary>
    /// <param name="source">Where it came to.</param>
    /// <param name="header">The value of a header; null where there is none, or more than one.</param>
    public NotificationAnswer? Look(NotificationSource source, Func<string, string?> header) => source.Proof.Look(header, clock.GetUtcNow()) is { } fault ? Refuse(source, fault) : null;

    private NotificationAnswer Refuse(NotificationSource source, Proof proof) => proof switch
    {
        Proof.Missing missing => Refuse(source, missing.Why, NotificationAnswer.Unproven),
        Proof.NotNow notNow => Refuse(source, notNow.Why, NotificationAnswer.Later),
        Proof.Wrong wrong => Refuse(source, wrong.Why, NotificationAnswer.Refused),
        _ => throw new UnreachableException(proof.GetType().Name),
    };

    private async Task<NotificationAnswer> KeepAsync(NotificationSource source, PostedNotification posted, Proof.Holds proof, CancellationToken ct)
    {
        if (Notification.Split(source.Form, posted.Body) is not { } events)
            return Refuse(source, "it is no JSON, or holds more than 10,000 events", NotificationAnswer.Unreadable);
        var told = events.Select((raw, at) => (Raw: raw, At: at)).Where(each => IsKept(source.Form, each.Raw)).Select(each => new ToldEvent(Key(source.Form, proof.Scope, each.At, each.Raw), each.Raw)).ToList();
        if (await store.KeepAsync(source.Form, source.Proof.Trust, $"notifications {source.Name}", told, proof.Once, clock.GetUtcNow(), ct) is not { } kept)
            return Refuse(source, "its signature came with another request before", NotificationAnswer.Refused);
        LogTaken(source.Name, events.Count, kept.Count);
        shift.Add(kept);
        return NotificationAnswer.Taken;
    }

    private NotificationAnswer Refuse(NotificationSource source, string why, NotificationAnswer answer)
    {
        refused.Add(source.Name, why);
        return answer;
    }

    /// <summary>What arrived, was opened or clicked is not written down: nothing follows from it, there is one for each letter, and nobody is tracked.</summary>
    private static bool IsKept(NotificationForm form, ReadOnlyMemory<byte> raw) => Notification.Read(form, raw) is not (ReturnedMail.Delivered or ReturnedMail.Other);

    /// <summary>The provider's own name for the event, where it has one; else its words, in a request of that name.</summary>
    private static byte[] Key(NotificationForm form, string scope, int at, ReadOnlyMemory<byte> raw) => Notification.IdOf(form, raw) is { } id
        ? Encoding.UTF8.GetBytes(id)
        : [.. scope.Length == 0 ? [] : Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{scope}{at}\n")), .. raw.Span];

    [LoggerMessage(4031, LogLevel.Information, "Notifications {Name}: {What}")]
    private partial void LogSettled(string name, string what);

    [LoggerMessage(4032, LogLevel.Debug, "Notifications {Name}: {Events} events, of which {New} are new and kept")]
    private partial void LogTaken(string name, int events, int @new);
}
