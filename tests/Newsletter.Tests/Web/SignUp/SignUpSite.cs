using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Web;

/// <summary>Readers who subscribe by themselves: what they fill in, and the mails that they get.</summary>
internal static partial class SignUpSite
{
    /// <summary>A form as a browser sends it that was shown just now.</summary>
    public static async Task<HttpResponseMessage> AskAsync(this SiteHome home, string address, string form = "/subscribe", string? from = null, params (string Name, string Value)[] more)
    {
        var page = await home.Client.GetStringAsync(form);
        home.Time.Advance(TimeSpan.FromSeconds(10));
        return await home.PostAsync(form, from, [("email", address), ("shown", Token(page)), .. more]);
    }

    /// <summary>Any form.</summary>
    /// <param name="home">Where.</param>
    /// <param name="path">Where to.</param>
    /// <param name="from">The network address that a proxy names; null: none.</param>
    /// <param name="fields">What stands in it.</param>
    public static async Task<HttpResponseMessage> PostAsync(this SiteHome home, string path, string? from, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))) };
        if (from is not null)
            request.Headers.Add("X-Forwarded-For", from);
        request.Headers.Add("User-Agent", "Browser/1.0");
        return await home.Client.SendAsync(request);
    }

    /// <summary>What the form was shown with.</summary>
    public static string Token(string page) => Shown().Match(page).Groups[1].Value;

    /// <summary>Sends what is owed, and all mails that were ever sent, the oldest first.</summary>
    public static async Task<IReadOnlyList<MimeMessage>> MailsAsync(this SiteHome home)
    {
        await home.Services.GetRequiredService<Confirmations>().SendAsync(CancellationToken.None);
        var folder = Path.Combine(home.Folder.Root, "outbox", "notes");
        return Directory.Exists(folder) ? [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(file => MimeMessage.Load(file)).OrderBy(mail => mail.Date)] : [];
    }

    /// <summary>The path of the one link of a mail.</summary>
    public static string Link(this MimeMessage mail) => new Uri(mail.TextBody!.Split('\n').Single(line => line.StartsWith("https://", StringComparison.Ordinal)).Trim()).AbsolutePath;

    /// <summary>Presses the button behind a link.</summary>
    public static Task<HttpResponseMessage> ConfirmAsync(this SiteHome home, string link) => home.PostAsync(link, null, ("act", "confirm"));

    public static async Task<Subscriber?> FindAsync(this SiteHome home, string address) => await home.Subscribers.FindAsync(EmailAddress.Read(address)!, CancellationToken.None);

    [GeneratedRegex("name=\"shown\" value=\"([^\"]+)\"")]
    private static partial Regex Shown();
}
