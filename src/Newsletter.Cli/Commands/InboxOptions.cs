using System.CommandLine;
using Newsletter.Storage;

namespace Newsletter.Cli;

/// <summary>Which conversations <c>inbox</c> lists.</summary>
internal sealed class InboxOptions
{
    private readonly Option<string?> state = new("--state") { Description = "unread, read, done or all (default: all that are not done)." };
    private readonly Option<string?> issue = new("--issue") { Description = "Only about this issue (its slug)." };
    private readonly Option<string?> tag = new("--tag") { Description = "Only with this tag." };
    private readonly Option<string?> search = new("--search") { Description = "Only with all of these words in sender, subject, text or answer." };
    private readonly Option<bool> machines = new("--machines") { Description = "The automatic answers, with the day of return where they tell it." };
    private readonly Option<int> count = new("--count") { Description = "At most so many, the newest first.", DefaultValueFactory = _ => 50 };

    public InboxOptions(Command command)
    {
        state.AcceptOnlyFromAmong("unread", "read", "done", "all");
        foreach (var option in (Option[])[state, issue, tag, search, machines, count])
            command.Options.Add(option);
    }

    public InboxQuery Of(ParseResult args) => new()
    {
        State = args.GetValue(state) ?? "",
        Issue = args.GetValue(issue) ?? "",
        Tag = args.GetValue(tag) ?? "",
        Words = args.GetValue(search) ?? "",
        Machines = args.GetValue(machines),
        Count = args.GetValue(count),
    };
}
