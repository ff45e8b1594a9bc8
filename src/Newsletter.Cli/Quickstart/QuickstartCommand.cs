using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Newsletter.Mailroom;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Cli;

/// <summary><c>quickstart</c>: the main job on embedded defaults, start to finish, in the publication's own folder.</summary>
internal static class QuickstartCommand
{
    public static Command Create()
    {
        var command = new Command("quickstart", "The whole round on this machine alone: import a list, render an issue, schedule and send it into a folder, take a bounce and a reply back in. Sends no mail.");
        command.SetAction((args, ct) => Door.RunAsync(args, (services, stop) => RunAsync(args, services, stop), ct));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult args, IServiceProvider services, CancellationToken ct)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        var folder = services.GetRequiredService<PublicationFolder>();
        if (Refusal(configuration, folder, services.GetRequiredService<IssueFolder>()) is { } refusal)
        {
            await Console.Error.WriteLineAsync($"newsletter: {refusal}");
            return ExitCode.InputHasErrors;
        }

        // A host of its own: Hangfire's server runs in this process and is the clock, as in newsletter serve.
        var builder = Host.CreateEmptyApplicationBuilder(new() { ContentRootPath = folder.Root });
        builder.Configuration.AddConfiguration(configuration);
        builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(Performer.Command(Environment.UserName)).AddNewsletter(configuration, folder).AddClock(configuration).AddWorker(watches: false);
        using var host = builder.Build();
        await host.Services.GetRequiredService<Database>().MigrateAsync(ct);
        await host.StartAsync(ct);
        try
        {
            return await new QuickstartRun(host.Services, Door.Folder(args)).RunAsync(ct);
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }
    }

    /// <summary>It writes a bounce and a reply of its own: never where real mail comes and goes.</summary>
    private static string? Refusal(IConfiguration configuration, PublicationFolder folder, IssueFolder issues)
    {
        if (configuration.GetSection("Relays").GetChildren().Any() || configuration.GetSection("Returns:Mailboxes").GetChildren().Any())
            return "quickstart is a rehearsal and this publication has relays or mailboxes configured; try newsletter send or newsletter schedule instead";
        if (issues.Files().Count == 0)
            return $"there is no issue in {folder.Issues}; run quickstart in the folder of a publication (the checkout has one), or name it with --root";
        return File.Exists(QuickstartRun.ListOf(folder)) ? null : $"there is no list {QuickstartRun.ListOf(folder)}; run quickstart in the folder of a publication (the checkout has one), or name it with --root";
    }
}
