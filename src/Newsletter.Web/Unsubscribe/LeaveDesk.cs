using Microsoft.AspNetCore.Http;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Subscribers;

namespace Newsletter.Web;

/// <summary>Leaving by a page, taking it back, and saying why: alike by an unsubscribe link and by that of the preferences.</summary>
internal sealed class LeaveDesk(Leaving leaving, Preferences preferences, ReaderLanguage language, PageWriter pages)
{
    /// <summary>From the call on the wish holds, even if the line breaks before the answer.</summary>
    public async Task LeaveAsync(HttpContext context, DeliveryId delivery)
    {
        await leaving.LeaveAsync(delivery, "page", ReaderLink.Evidence(context), CancellationToken.None);
        await SayLeftAsync(context, delivery, isThanked: false);
    }

    /// <summary>Undo.</summary>
    public async Task ResumeAsync(HttpContext context, DeliveryId delivery)
    {
        var resumed = await leaving.TakeBackAsync(delivery, ReaderLink.Evidence(context), CancellationToken.None) is ChangeOutcome.Changed or ChangeOutcome.AlreadySo;
        await pages.WriteAsync<BackPage>(context, resumed ? StatusCodes.Status200OK : StatusCodes.Status409Conflict,
            await language.OfAsync(context.Request, delivery.Subscriber), new() { [nameof(BackPage.IsBack)] = resumed, [nameof(BackPage.CanLeave)] = true });
    }

    /// <summary>Why; whoever did not leave by themselves is thanked as well, and nothing is kept.</summary>
    public async Task SayWhyAsync(HttpContext context, DeliveryId delivery)
    {
        var form = context.Request.Form;
        await preferences.SayWhyAsync(delivery, form["reason"].ToString(), form["words"].ToString(), ReaderLink.Evidence(context), CancellationToken.None);
        await SayLeftAsync(context, delivery, isThanked: true);
    }

    private async Task SayLeftAsync(HttpContext context, DeliveryId delivery, bool isThanked) => await pages.WriteAsync<LeftPage>(
        context, StatusCodes.Status200OK, await language.OfAsync(context.Request, delivery.Subscriber), new() { [nameof(LeftPage.IsThanked)] = isThanked });
}
