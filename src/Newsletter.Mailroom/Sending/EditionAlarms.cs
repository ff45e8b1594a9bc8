using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Newsletter.Addresses;
using Newsletter.Composing;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>Watches what comes back of running editions, stops one that passes a threshold, and tells the editor by mail.</summary>
public sealed partial class EditionAlarms(SendingDesk desk, NoteWriter writer, Publication publication, ILogger<EditionAlarms> log)
{
    /// <summary>How long a try may take before another may follow, and how long one waits after a refusal.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    /// <summary>What the log has said: a mail that no relay takes is tried again and again.</summary>
    private readonly ConcurrentDictionary<long, bool> logged = new();

    /// <summary>Looks at one running edition. True where it was stopped.</summary>
    public async Task<bool> LookAsync(EditionId id, CancellationToken ct)
    {
        var back = await desk.Editions.CameBackAsync(id, ct);
        if (desk.Options.Thresholds.IsCalm(back) || await desk.Editions.FindAsync(id, ct) is not { State: EditionState.Running } edition)
            return false;
        var alarm = desk.Options.Thresholds.Look(await desk.Deliveries.TallyAsync(id, ct), back, edition.Alarms);
        if (alarm is null || !await StopAsync(desk, edition, alarm))
            return false;
        LogStopped(id.Value, alarm.Words);
        return true;
    }

    /// <summary>Stops an edition and puts down what the editor is to be told. False where it does not run, or this threshold has stopped it before.</summary>
    internal static Task<bool> StopAsync(SendingDesk desk, Edition edition, Alarm alarm) => desk.Editions.AlarmAsync(edition.Id, alarm, $"Edition {edition.Id.Value} has stopped: {edition.Title}", $"""
        Edition {edition.Id.Value}, "{edition.Title}", has stopped by itself:
        {alarm.Words}.

        What was not sent waits. Whom it did not reach, and what the servers said:
            newsletter status {edition.Id.Value}
        When the list or the relay is mended (this threshold does not stop it a second time):
            newsletter resume {edition.Id.Value}
        To leave it at that:
            newsletter cancel {edition.Id.Value}
        """, desk.Time.GetUtcNow(), CancellationToken.None);

    /// <summary>The mails that are due; stops at the first that no relay takes, which is due again later.</summary>
    public async Task TellAsync(CancellationToken stop)
    {
        var editor = EmailAddress.Read(publication.EditorAddress.Length > 0 ? publication.EditorAddress : publication.FromAddress)!; // checked when it was read
        await using var lines = new HouseLines(desk.Plans.Value.For(EmailAddress.Read(publication.FromAddress)!.Domain));
        while (!stop.IsCancellationRequested && await desk.Editions.ClaimNoticeAsync(desk.Options.Sandbox, desk.Time.GetUtcNow(), Lease, stop) is { } notice)
        {
            if (logged.TryAdd(notice.Id, true))
                LogNotice(notice.Subject, notice.Edition.Value);
            if (await lines.SendAsync(writer.Write(Note(notice, editor))) is not SmtpOutcome.Accepted)
                return;
            await desk.Editions.NoticeSentAsync(notice.Id, desk.Time.GetUtcNow());
        }
    }

    private Note Note(Notice notice, EmailAddress editor) => new()
    {
        To = editor,
        Subject = notice.Subject,
        Text = notice.Words,
        MessageId = string.Create(CultureInfo.InvariantCulture, $"notice-{notice.Id}-{notice.At.ToUnixTimeMilliseconds()}@{EmailAddress.Read(publication.FromAddress)!.Domain}"),
        Date = notice.At,
    };

    [LoggerMessage(3005, LogLevel.Error, "Edition {Edition} has stopped by itself: {Why}")]
    private partial void LogStopped(long edition, string why);

    [LoggerMessage(3009, LogLevel.Warning, "{Subject} (edition {Edition}); the editor gets a mail with what can be done")]
    private partial void LogNotice(string subject, long edition);
}
