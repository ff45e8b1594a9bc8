using System.Collections.Concurrent;
using Microsoft.Playwright;
using NUnit.Framework.Interfaces;

namespace Newsletter.Acceptance.Tests;

/// <summary>Debian's Chromium, one process for all tests of this run; each test has windows of its own, with nothing kept from others, that are closed when it ends.</summary>
internal static class Browser
{
    private static readonly Lazy<Task<IBrowser>> Started = new(StartAsync);
    private static readonly ConcurrentDictionary<string, ConcurrentBag<IPage>> Windows = new();
    private static IPlaywright? driver;

    /// <summary>Opens a window; the test is skipped where there is no browser.</summary>
    /// <param name="options">Size, colour scheme, with or without JavaScript.</param>
    public static async Task<IPage> OpenAsync(BrowserNewPageOptions? options = null)
    {
        if (Machine.Find("chromium") is null)
            Assert.Ignore("there is no chromium on this machine (tests/install gets it)");
        var page = await (await Started.Value).NewPageAsync(options ?? new());
        Windows.GetOrAdd(TestContext.CurrentContext.Test.ID, _ => []).Add(page);
        return page;
    }

    /// <summary>Closes what a test opened: a window that is left open takes memory, and goes on asking its server for news.</summary>
    public static async Task CloseAsync(string test)
    {
        if (Windows.TryRemove(test, out var pages))
            foreach (var page in pages)
                await page.Context.CloseAsync();
    }

    /// <summary>At the end of the run.</summary>
    public static async Task StopAsync()
    {
        if (Started.IsValueCreated && Started.Value.IsCompletedSuccessfully)
            await (await Started.Value).DisposeAsync();
        driver?.Dispose();
    }

    private static async Task<IBrowser> StartAsync()
    {
        driver = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout(60_000); // five seconds is a short time for a busy machine
        return await driver.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Machine.Find("chromium"),
            // Chromium's own sandbox does not run for root; the pages are the tests' own.
            Args = Machine.IsRoot ? ["--no-sandbox", "--disable-dev-shm-usage"] : ["--disable-dev-shm-usage"],
        });
    }
}

/// <summary>Closes the windows of each test with the test.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class ClosesWindowsAttribute : Attribute, ITestAction
{
    public ActionTargets Targets => ActionTargets.Test;

    public void BeforeTest(ITest test)
    {
    }

    public void AfterTest(ITest test) => Browser.CloseAsync(test.Id).GetAwaiter().GetResult();
}

/// <summary>Ends the browser with the run.</summary>
[SetUpFixture]
public sealed class BrowserEnd
{
    [OneTimeTearDown]
    public Task Stop_the_browser() => Browser.StopAsync();
}
