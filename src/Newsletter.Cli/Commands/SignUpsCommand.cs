using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Storage;
using Newsletter.Subscribers;
using Newsletter.Web;

namespace Newsletter.Cli;

/// <summary><c>newsletter signups</c>: who asks to be subscribed, what of it is held, and the form for another site.</summary>
internal static class SignUpsCommand
{
    private const int Page = 500;

    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "One JSON line each." };
        var all = new Option<bool>("--all") { Description = "Also those that are not held." };
        var list = new Command("list", "Sign-ups that are held until a person has looked, the newest first.") { json, all };
        list.SetAction((args, ct) => Door.RunAsync(args, (services, stop) => ListAsync(services, args.GetValue(all) ? null : SignUpState.Held, args.GetValue(json), stop), ct));
        return new("signups", "Sign-ups by readers themselves: list, release, refuse, form.")
        {
            list,
            Decide("release", "Lets sign-ups go that are held: their addresses get the confirmation mail.", (signUps, id, stop) => signUps.ReleaseAsync(id, stop)),
            Decide("refuse", "Refuses sign-ups: no mail goes, and links that went out are no good.", (signUps, id, stop) => signUps.RefuseAsync(id, stop)),
            Form(),
        };
    }

    private static async Task<int> ListAsync(IServiceProvider services, SignUpState? state, bool json, CancellationToken stop)
    {
        var (store, local, count) = (services.GetRequiredService<SignUpStore>(), LocalText.Of(services), 0L);
        for (long? before = null; ;)
        {
            var lines = await store.ListAsync(state, before, Page, stop);
            foreach (var line in lines)
                Console.Out.WriteLine(json
                    ? JsonSerializer.Serialize(new { line.Id, line.Address, line.Form, state = Word(line.State), line.AskedAt, line.Asked, line.From, line.Agent, line.Score, line.Reasons, line.Mails }, CliJson.Options)
                    : Plain.Line(string.Create(CultureInfo.InvariantCulture, $"{line.Id}  {local.Bare(line.AskedAt)}  {Word(line.State)}  {line.Address}  form {line.Form}  score {line.Score}: {string.Join(", ", line.Reasons)}  {line.From} {line.Agent}")));
            count += lines.Count;
            if (lines.Count < Page)
                break;
            before = lines[^1].Id;
        }
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{count:n0} {(state is null ? "sign-ups" : "held")}"));
        return ExitCode.Done;
    }

    private static Command Decide(string verb, string words, Func<SignUps, long, CancellationToken, Task<bool>> act)
    {
        var ids = new Argument<long[]>("id") { Description = "Their numbers, as the list has them.", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "All that are held." };
        var reason = new Option<string?>("--reason") { Description = "With --all: only those that have this among their reasons, such as flood." };
        var command = new Command(verb, words) { ids, all, reason };
        command.SetAction((args, ct) => Door.RunAsync(args, async (services, stop) =>
        {
            var named = args.GetValue(all) ? await HeldAsync(services, args.GetValue(reason), stop) : args.GetValue(ids) ?? [];
            if (named.Count == 0 && !args.GetValue(all))
                return await FailAsync($"say which: newsletter signups {verb} 12, or --all", ExitCode.WrongUsage);
            var (done, signUps) = (0, services.GetRequiredService<SignUps>());
            foreach (var id in named)
                done += await act(signUps, id, stop) ? 1 : 0;
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{verb}: {done:n0} of {named.Count:n0}"));
            return done == named.Count ? ExitCode.Done : await FailAsync("the others are not held: newsletter signups list --all", ExitCode.InputHasErrors);
        }, ct));
        return command;
    }

    private static async Task<IReadOnlyList<long>> HeldAsync(IServiceProvider services, string? reason, CancellationToken stop)
    {
        var ids = new List<long>();
        for (long? before = null; ;)
        {
            var lines = await services.GetRequiredService<SignUpStore>().ListAsync(SignUpState.Held, before, Page, stop);
            ids.AddRange(lines.Where(line => reason is null || line.Reasons.Contains(reason)).Select(line => line.Id));
            if (lines.Count < Page)
                return ids;
            before = lines[^1].Id;
        }
    }

    private static Command Form()
    {
        var name = new Argument<string>("name") { Description = "The form's name (default: the first).", DefaultValueFactory = _ => "" };
        var language = new Option<string>("--language") { Description = "The form's language (default: the publication's).", DefaultValueFactory = _ => "" };
        var command = new Command("form", "Prints a sign-up form as plain HTML, for any other site. Its words are kept, so that they prove what was agreed to.") { name, language };
        command.SetAction((args, ct) => Door.RunAsync(args, async (services, stop) =>
        {
            var publication = services.GetRequiredService<Publication>();
            var texts = ReaderTexts.ForPage([args.GetValue(language) ?? "", publication.Language]);
            var forms = services.GetRequiredService<SignUpForms>();
            if (forms.Find(args.GetValue(name) ?? "", texts) is not { } form)
                return await FailAsync($"there is no form of that name; there are: {string.Join(", ", forms.Names)}", ExitCode.InputHasErrors);
            await services.GetRequiredService<SignUpStore>().KeepAsync(form.Wording, services.GetRequiredService<TimeProvider>().GetUtcNow(), stop);
            Console.Out.Write(PlainForm.Write(form, texts, services.GetRequiredService<OurAddresses>(), publication.BaseUrl));
            return ExitCode.Done;
        }, ct));
        return command;
    }

    private static string Word(SignUpState state) => state.ToString().ToLowerInvariant();

    private static async Task<int> FailAsync(string words, int code)
    {
        await Console.Error.WriteLineAsync($"newsletter: {Plain.Line(words)}");
        return code;
    }
}
