using System.Globalization;
using Microsoft.AspNetCore.Http;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Web;

/// <summary>The page of choices: what may be done by a link that may have been handed on.</summary>
internal sealed class PreferencesDesk(OurAddresses ours, Preferences preferences, SubscriberStore subscribers, LeaveDesk leave, ReaderLanguage language, PageWriter pages)
{
    public async Task ShowAsync(HttpContext context, string token)
    {
        ReaderLink.KeepPrivate(context.Response);
        await (ours.ReadPreferencesToken(token) is { } delivery ? SayAsync(context, delivery, "") : ReaderLink.NothingHere(context));
    }

    public async Task ActAsync(HttpContext context, string token)
    {
        ReaderLink.KeepPrivate(context.Response);
        if (ours.ReadPreferencesToken(token) is not { } delivery)
        {
            await ReaderLink.NothingHere(context);
            return;
        }
        var form = await ReaderLink.FormAsync(context.Request);
        await (form?["act"].ToString() switch
        {
            "save" => SaveAsync(context, delivery, form),
            "pause" => PauseAsync(context, delivery, form),
            "go-on" => GoOnAsync(context, delivery),
            "leave" => leave.LeaveAsync(context, delivery),
            "resume" => leave.ResumeAsync(context, delivery),
            "why" => leave.SayWhyAsync(context, delivery),
            "own-link" => MailLinkAsync(context, delivery),
            _ => ReaderLink.Malformed(context),
        });
    }

    private async Task SaveAsync(HttpContext context, DeliveryId delivery, IFormCollection form)
    {
        var outcome = await preferences.ChooseAsync(delivery, [.. form["topic"].OfType<string>()], form["language"].ToString(), ReaderLink.Evidence(context), CancellationToken.None);
        await (outcome is ChangeOutcome.TooMany ? StopAsync(context, delivery, outcome) : SayAsync(context, delivery, "Preferences.Saved"));
    }

    private async Task PauseAsync(HttpContext context, DeliveryId delivery, IFormCollection form)
    {
        var until = DateOnly.TryParseExact(form["until"].ToString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : default;
        await (await preferences.PauseAsync(delivery, until, ReaderLink.Evidence(context), CancellationToken.None) switch
        {
            null => SayAsync(context, delivery, "Preferences.BadDay", StatusCodes.Status400BadRequest),
            ChangeOutcome.Changed or ChangeOutcome.AlreadySo => SayAsync(context, delivery, "Preferences.Saved"),
            { } other => StopAsync(context, delivery, other),
        });
    }

    private async Task GoOnAsync(HttpContext context, DeliveryId delivery)
    {
        var outcome = await preferences.GoOnAsync(delivery, ReaderLink.Evidence(context), CancellationToken.None);
        await (outcome is ChangeOutcome.Changed or ChangeOutcome.AlreadySo ? SayAsync(context, delivery, "Preferences.WentOn") : StopAsync(context, delivery, outcome));
    }

    private async Task MailLinkAsync(HttpContext context, DeliveryId delivery)
    {
        await preferences.AskForOwnPageAsync(delivery, CancellationToken.None);
        await SayAsync(context, delivery, "Preferences.LinkMailed");
    }

    /// <summary>Somebody who is gone, and whose subscription has ended, are told the same.</summary>
    private async Task StopAsync(HttpContext context, DeliveryId delivery, ChangeOutcome outcome)
    {
        var (status, about) = outcome is ChangeOutcome.TooMany ? (StatusCodes.Status429TooManyRequests, "Preferences.TooMany") : (StatusCodes.Status409Conflict, "Preferences.Not");
        await pages.WriteAsync<MessagePage>(context, status, await language.OfAsync(context.Request, delivery.Subscriber), new() { [nameof(MessagePage.About)] = about });
    }

    private async Task SayAsync(HttpContext context, DeliveryId delivery, string said, int status = StatusCodes.Status200OK)
    {
        var reader = await subscribers.FindAsync(delivery.Subscriber, context.RequestAborted);
        var texts = language.Of(context.Request, reader?.Profile?.Language ?? "");
        await pages.WriteAsync<PreferencesPage>(context, status, texts, new() { [nameof(PreferencesPage.View)] = View(reader, texts.Language), [nameof(PreferencesPage.Said)] = said });
    }

    private PreferencesView View(Subscriber? reader, string language) => new(
        reader?.Profile?.Address.Masked ?? "•••",
        reader?.Profile?.Language ?? "",
        reader?.State is SubscriptionState.Paused,
        reader?.PausedUntil is { } until ? preferences.Day(until) : null,
        [.. preferences.Topics.Select(topic => topic.In(language) is var (name, about) ? new TopicChoice(topic.Id, name, about, reader?.Profile?.Reads(topic.Id) ?? true) : null!)],
        preferences.PauseDays.First,
        preferences.PauseDays.Last);
}
