INSERT INTO store.memory (as_of, name, content) VALUES ($as_of, $name, $content)
