using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Newsletter.Acceptance.Tests.Web;

/// <summary>The admin's pages in a real Chromium without JavaScript, and how they look.</summary>
internal static class PageLook
{
    public const string Password = "correct horse battery";

    /// <summary>A window in which somebody signs in on the way to a page.</summary>
    /// <param name="url">The page.</param>
    /// <param name="scheme">Light or dark.</param>
    /// <param name="width">Of the window.</param>
    public static async Task<IPage> SignInAsync(string url, ColorScheme scheme = ColorScheme.Light, int width = 1280)
    {
        var page = await Browser.OpenAsync(new() { JavaScriptEnabled = false, ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 900 } });
        await page.SignInAsync(url);
        return page;
    }

    /// <summary>Signs in on the way to a page.</summary>
    public static async Task SignInAsync(this IPage page, string url)
    {
        await page.GotoAsync(url);
        await page.GetByLabel("Admin password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    /// <summary>A picture for people (beside the test program), axe for the rules, and no page wider than its window. Axe runs as a script, so it has a window of its own.</summary>
    /// <param name="page">The page.</param>
    /// <param name="name">Of the picture.</param>
    /// <param name="scheme">Light or dark.</param>
    /// <param name="width">Of the window.</param>
    /// <param name="isAnswer">Whether axe looks at the page as it is, the answer to a form, and not at what its address shows.</param>
    public static async Task LookAsync(this IPage page, string name, ColorScheme scheme, int width, bool isAnswer = false)
    {
        var file = $"{name}-{scheme}-{width}";
        var pictures = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "pictures"));
        await page.ScreenshotAsync(new() { Path = Path.Combine(pictures.FullName, $"{file}.png"), FullPage = true });
        Assert.That((await page.Locator("main").BoundingBoxAsync())!.Width, Is.LessThanOrEqualTo(width), file);
        var reader = await page.Context.Browser!.NewPageAsync(new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 900 }, BypassCSP = true });
        await reader.Context.AddCookiesAsync((await page.Context.CookiesAsync()).Select(cookie => new Cookie { Name = cookie.Name, Value = cookie.Value, Url = page.Url }));
        var seen = await page.ContentAsync();
        if (isAnswer)
            await reader.RouteAsync(page.Url, route => route.FulfillAsync(new() { ContentType = "text/html; charset=utf-8", Body = seen }));
        await reader.GotoAsync(page.Url);
        var found = await reader.RunAxe();
        await reader.Context.CloseAsync();
        Assert.That(found.Violations.Select(violation => $"{violation.Id}: {string.Join(", ", violation.Nodes.Select(node => node.Html))}"), Is.Empty, file);
    }
}
