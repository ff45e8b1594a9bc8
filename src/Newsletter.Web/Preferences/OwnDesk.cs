using Microsoft.AspNetCore.Http;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Subscribers;

namespace Newsletter.Web;

/// <summary>A reader's own page, by a link that went to their mailbox alone: name and fields, another address, their data, being forgotten.</summary>
internal sealed class OwnDesk(OurAddresses ours, Preferences preferences, PersonalData data, ReaderLanguage language, PageWriter pages)
{
    private const string Field = "field-";

    public async Task ShowAsync(HttpContext context, string token)
    {
        if (await FindAsync(context, token) is var (reader, profile))
            await SayAsync(context, reader, profile, "");
    }

    public async Task ActAsync(HttpContext context, string token)
    {
        if (await FindAsync(context, token) is not var (reader, profile))
            return;
        var form = await ReaderLink.FormAsync(context.Request);
        await (form?["act"].ToString() switch
        {
            "describe" => DescribeAsync(context, reader, form),
            "address" => AskAddressAsync(context, reader, profile, form["address"].ToString()),
            "data" => GiveAsync(context, reader, profile),
            "erase" => pages.WriteAsync<ErasePage>(context, StatusCodes.Status200OK, language.Of(context.Request, profile.Language), []),
            "erase-now" => EraseAsync(context, reader, profile),
            _ => ReaderLink.Malformed(context),
        });
    }

    /// <summary>The reader; null where the answer is given: there is no such page, or it is good no more.</summary>
    private async Task<(Subscriber Reader, Profile Profile)?> FindAsync(HttpContext context, string token)
    {
        ReaderLink.KeepPrivate(context.Response);
        if (ours.ReadOwnPageToken(token) is not { } mail)
            await ReaderLink.NothingHere(context);
        else if (await preferences.OwnAsync(mail, context.RequestAborted) is { Profile: { } profile } reader)
            return (reader, profile);
        else
            await SayAsync(context, "", "Over", StatusCodes.Status410Gone);
        return null;
    }

    private async Task DescribeAsync(HttpContext context, Subscriber reader, IFormCollection form)
    {
        var fields = form.Where(pair => pair.Key.StartsWith(Field, StringComparison.Ordinal)).ToDictionary(pair => pair.Key[Field.Length..], pair => pair.Value.ToString());
        var outcome = await preferences.DescribeAsync(reader.Id, form["name"].ToString(), fields, ReaderLink.Evidence(context), CancellationToken.None);
        if (outcome is ChangeOutcome.TooMany)
            await SayTooManyAsync(context, reader);
        else
            await ShowAsync(context, reader, "Preferences.Saved");
    }

    private async Task AskAddressAsync(HttpContext context, Subscriber reader, Profile profile, string address)
    {
        if (await preferences.AskNewAddressAsync(reader.Id, address, CancellationToken.None))
            await SayAsync(context, reader, profile, "Own.Asked");
        else
            await SayAsync(context, reader, profile, "Own.BadAddress", StatusCodes.Status400BadRequest, PersonalText.OneLine(address, 254));
    }

    private async Task GiveAsync(HttpContext context, Subscriber reader, Profile profile)
    {
        if (await preferences.NoteDownloadAsync(reader.Id, ReaderLink.Evidence(context), CancellationToken.None) is not ChangeOutcome.Changed)
        {
            await SayTooManyAsync(context, reader);
            return;
        }
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.ContentDisposition = "attachment; filename=\"my-data.json\"";
        context.Response.Headers.ContentSecurityPolicy = SecurityHeaders.Strangers; // what others wrote may be in it
        await data.WriteAsync(profile.Address, context.Response.Body, Performer.Reader, context.RequestAborted);
    }

    private async Task EraseAsync(HttpContext context, Subscriber reader, Profile profile)
    {
        await preferences.EraseAsync(reader.Id, CancellationToken.None);
        await SayAsync(context, profile.Language, "Erased");
    }

    /// <summary>As it stands now.</summary>
    private async Task ShowAsync(HttpContext context, Subscriber reader, string said)
    {
        if (await preferences.FindAsync(reader.Id, context.RequestAborted) is { Profile: { } profile } now)
            await SayAsync(context, now, profile, said);
        else
            await SayAsync(context, "", "Over", StatusCodes.Status410Gone);
    }

    private Task SayTooManyAsync(HttpContext context, Subscriber reader) => SayAsync(context, reader.Profile?.Language ?? "", "Preferences.TooMany", StatusCodes.Status429TooManyRequests);

    private Task SayAsync(HttpContext context, string own, string about, int status = StatusCodes.Status200OK) =>
        pages.WriteAsync<MessagePage>(context, status, language.Of(context.Request, own), new() { [nameof(MessagePage.About)] = about });

    private Task SayAsync(HttpContext context, Subscriber reader, Profile profile, string said, int status = StatusCodes.Status200OK, string wanted = "") => pages.WriteAsync<OwnPage>(
        context, status, language.Of(context.Request, profile.Language),
        new() { [nameof(OwnPage.Reader)] = reader.Profile, [nameof(OwnPage.Said)] = said, [nameof(OwnPage.Wanted)] = wanted });
}
