using System.CommandLine;

var root = new RootCommand("Composes, sends and receives an email newsletter kept as Markdown files.");
return await root.Parse(args).InvokeAsync();
