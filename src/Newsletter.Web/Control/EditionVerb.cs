using System.Globalization;
using Newsletter.Mailroom;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Web;

/// <summary>What a person can do with an edition as it stands: a button of its page.</summary>
/// <param name="Act">The word that the form sends.</param>
/// <param name="Label">What stands on the button.</param>
/// <param name="Asks">Whether a page asks once more before anything happens.</param>
public sealed record EditionVerb(string Act, string Label, bool Asks = false)
{
    private static readonly EditionVerb Start = new("start", "Start now");
    private static readonly EditionVerb Pause = new("pause", "Pause");
    private static readonly EditionVerb Hold = new("pause", "Hold");
    private static readonly EditionVerb Resume = new("resume", "Resume");
    private static readonly EditionVerb Back = new("resume", "Back on the schedule");
    private static readonly EditionVerb WinnerA = new("winner-a", "Subject a to the others");
    private static readonly EditionVerb WinnerB = new("winner-b", "Subject b to the others");
    private static readonly EditionVerb Undo = new("cancel", "Undo: send nothing");
    private static readonly EditionVerb Cancel = new("cancel", "Cancel …", Asks: true);

    /// <summary>Those that can be taken now, the likeliest first.</summary>
    public static IReadOnlyList<EditionVerb> Of(EditionView view) => view.Edition switch
    {
        { IsInHoldWindow: true } => [Undo, Hold, Start],
        { State: EditionState.Scheduled } => [Hold, Start, Cancel],
        { State: EditionState.Held } held => held.DueAt > view.Now ? [Back, Start, Cancel] : [Start, Cancel],
        { State: EditionState.Running } => [Pause, .. Retries(view.Tally), Cancel],
        { State: EditionState.Paused, WaitsForWinner: true, GoesOnAt: not null } => [WinnerA, WinnerB, Hold, Cancel],
        { State: EditionState.Paused, WaitsForWinner: true } => [WinnerA, WinnerB, Cancel],
        { State: EditionState.Paused, GoesOnAt: not null } => [Resume, Hold, Cancel],
        { State: EditionState.Paused } => [Resume, Cancel],
        { State: EditionState.Complete } => Retries(view.Tally),
        _ => [],
    };

    /// <summary>Does what the form asked for; null where that is no verb. False: the edition stands elsewhere by now, and nothing was changed.</summary>
    public static async Task<bool?> DoAsync(string act, Edition edition, string why, Editions editions, CancellationToken ct) => act switch
    {
        "start" => await editions.StartNowAsync(edition.Id, ct),
        "pause" => await editions.PauseAsync(edition.Id, why, ct),
        "resume" => await editions.ResumeAsync(edition.Id, ct),
        "cancel" => await editions.CancelAsync(edition.Id, why, ct),
        "retry-failed" => await RetryAsync(edition, DeliveryState.Failed, editions, ct),
        "retry-in-doubt" => await RetryAsync(edition, DeliveryState.InDoubt, editions, ct),
        "winner-a" => await editions.ChooseAsync(edition.Id, SubjectTrial.A, ct),
        "winner-b" => await editions.ChooseAsync(edition.Id, SubjectTrial.B, ct),
        _ => null,
    };

    /// <summary>Of an edition that waits nothing is tried again: the page has no button for it.</summary>
    private static async Task<bool> RetryAsync(Edition edition, DeliveryState which, Editions editions, CancellationToken ct) =>
        edition.State is EditionState.Complete or EditionState.Running && await editions.RetryAsync(edition.Id, new DeliveryFilter(which), ct) > 0;

    private static IReadOnlyList<EditionVerb> Retries(Tally tally) =>
    [
        .. tally.Failed > 0 ? [new EditionVerb("retry-failed", Count("Retry", tally.Failed, "failed"))] : (EditionVerb[])[],
        .. tally.InDoubt > 0 ? [new EditionVerb("retry-in-doubt", Count("Send", tally.InDoubt, "in doubt again"))] : (EditionVerb[])[],
    ];

    private static string Count(string verb, long count, string which) => string.Create(CultureInfo.InvariantCulture, $"{verb} {count:n0} {which}");
}
