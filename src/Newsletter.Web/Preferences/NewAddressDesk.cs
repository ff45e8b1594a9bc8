using Microsoft.AspNetCore.Http;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Subscribers;

namespace Newsletter.Web;

/// <summary>The link that went to a new address: GET asks, the POST takes it in the place of the old one. Whatever speaks against it is answered alike.</summary>
internal sealed class NewAddressDesk(OurAddresses ours, Preferences preferences, ReaderLanguage language, PageWriter pages)
{
    public async Task ShowAsync(HttpContext context, string token)
    {
        ReaderLink.KeepPrivate(context.Response);
        if (ours.ReadNewAddressToken(token) is not { } mail)
            await ReaderLink.NothingHere(context);
        else if (await preferences.OfNewAddressAsync(mail, context.RequestAborted) is { } reader)
            await pages.WriteAsync<NewAddressPage>(context, StatusCodes.Status200OK, language.Of(context.Request, reader.Profile?.Language ?? ""), []);
        else
            await SayAsync(context, mail, "Over", StatusCodes.Status410Gone);
    }

    public async Task ActAsync(HttpContext context, string token)
    {
        ReaderLink.KeepPrivate(context.Response);
        if (ours.ReadNewAddressToken(token) is not { } mail)
            await ReaderLink.NothingHere(context);
        else if ((await ReaderLink.FormAsync(context.Request))?["act"].ToString() != "take")
            await ReaderLink.Malformed(context);
        else if (await preferences.TakeAddressAsync(mail, ReaderLink.Evidence(context), CancellationToken.None) is ChangeOutcome.Changed)
            await SayAsync(context, mail, "Address.Done", StatusCodes.Status200OK);
        else
            await SayAsync(context, mail, "Over", StatusCodes.Status410Gone);
    }

    private async Task SayAsync(HttpContext context, ReaderMailId mail, string about, int status) =>
        await pages.WriteAsync<MessagePage>(context, status, await language.OfAsync(context.Request, mail.Subscriber), new() { [nameof(MessagePage.About)] = about });
}
