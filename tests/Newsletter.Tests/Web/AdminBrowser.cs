using System.Net;
using System.Text.RegularExpressions;

namespace Newsletter.Tests.Web;

/// <summary>The admin's browser: it keeps cookies, follows no redirect, and takes a form's token from the page that the form stands on.</summary>
internal sealed partial class AdminBrowser : HttpClient
{
    public AdminBrowser(SiteHome home)
        : base(new SocketsHttpHandler { CookieContainer = new(), AllowAutoRedirect = false }) => BaseAddress = home.Client.BaseAddress;

    /// <summary>One that has signed in.</summary>
    public static async Task<AdminBrowser> OpenAsync(SiteHome home)
    {
        var browser = new AdminBrowser(home);
        (await browser.SignInAsync()).Dispose();
        return browser;
    }

    /// <summary>Gives a password at a door.</summary>
    /// <param name="door">The page that asks for it.</param>
    /// <param name="password">The password.</param>
    public async Task<HttpResponseMessage> SignInAsync(string door = "/sign-in", string password = SiteHome.Password)
    {
        var page = await GetStringAsync(door);
        using var form = new FormUrlEncodedContent([Token(page), new("password", password)]);
        return await PostAsync(WebUtility.HtmlDecode(Action().Match(page).Groups[1].Value), form);
    }

    /// <summary>Posts a form.</summary>
    /// <param name="path">Where it goes.</param>
    /// <param name="page">On which a form with the token stands.</param>
    /// <param name="fields">Beside the token.</param>
    public async Task<HttpResponseMessage> PostAsync(string path, string page, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent([Token(await GetStringAsync(page)), .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]);
        return await PostAsync(path, form);
    }

    private static KeyValuePair<string, string> Token(string page) => Hidden().Match(page) is var match ? new(match.Groups[1].Value, match.Groups[2].Value) : default;

    [GeneratedRegex("type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]+)\"")]
    private static partial Regex Hidden();

    [GeneratedRegex("<form method=\"post\" action=\"([^\"]+)\"")]
    private static partial Regex Action();
}
